// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error, .when(configuration: .debug)),
]

/// A module of the house (docs/architecture.md): it may import only what stands in `imports`.
func module(_ name: String, _ imports: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: strict)
}

/// The tests of one module; fixtures lie in `Fixtures/` beside them.
func tests(of name: String, _ imports: [Target.Dependency] = [], fixtures: Bool = false) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + imports,
        exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: strict
    )
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "writ",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "writ", targets: ["Reconciler"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CSQLiteFiles", dependencies: [sqlite]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),

        module("Values", ["CPCRE2", crypto, mustache]),
        module("Spec", ["CLibYAML", "Values"]),
        module("Git", ["CLibGit2", "Spec", "Values", crypto, cryptoExtras]),
        module("State", ["CLZ4", "CSQLiteFiles", "Spec", "Values", grdb, sqlite, logging]),
        module("Apply", ["Spec", "State", "Values"]),
        module("Outbound", ["Values", asyncHTTPClient, crypto, logging, nio, nioHTTP1, nioPosix]),
        module("Agents", ["Outbound", "Spec", "State", "Values", logging]),
        module("Runtime", ["Agents", "Outbound", "Spec", "State", "Values", crypto, heap, lifecycle, logging]),
        module(
            "Server",
            [
                "Apply", "Runtime", "Spec", "State", "Values", asyncHTTPClient, httpTypes, hummingbird, hummingbirdCore,
                lifecycle, logging, nio, nioHTTP1, nioPosix,
            ]),
        .executableTarget(
            name: "Reconciler",
            dependencies: [
                "Agents", "Apply", "Git", "Outbound", "Runtime", "Server", "Spec", "State", "Values",
                argumentParser, lifecycle, logging, unixSignals,
            ],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "RuntimeBenchmark",
            dependencies: ["Runtime", "Server", "Spec", "State", "Values", lifecycle, logging, unixSignals],
            path: "Benchmarks/Runtime", swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Git", "Spec", "Values", crypto], path: "Tests/TestSupport",
            swiftSettings: strict),
        tests(of: "Git", ["Spec", "Values"], fixtures: true),
        .target(
            name: "HTTPTestSupport", dependencies: ["Values", nio, nioHTTP1, nioPosix], path: "Tests/HTTPTestSupport",
            swiftSettings: strict),
        tests(of: "Outbound", ["HTTPTestSupport", "Values"]),
        tests(
            of: "Reconciler", ["Git", "HTTPTestSupport", "Outbound", "Spec", "State", "Values", grdb], fixtures: true),
        tests(of: "Server", ["Spec", "State", "Values", asyncHTTPClient, lifecycle, logging, nio, nioHTTP1, nioPosix]),
        tests(of: "Spec", ["Git", "Values"]),
        tests(of: "Apply", ["Spec", "State", "Values"], fixtures: true),
        tests(of: "State", ["Spec", "Values", grdb, sqlite]),
        tests(of: "Agents", ["HTTPTestSupport", "Outbound", "Spec", "State", "Values"]),
        tests(
            of: "Runtime",
            [
                "Agents", "Apply", "HTTPTestSupport", "Outbound", "Spec", "State", "Values", crypto, grdb, lifecycle,
                logging,
            ],
            fixtures: true),
        tests(of: "Values", fixtures: true),
    ]
)
