import Foundation
import TestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `Benchmarks/storage-faults.c`, built for one test: a disk that fails by chance.
final class StorageFaults: Sendable {
    private let directory: TemporaryDirectory

    private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    #if os(Linux)
        static let isPossible = compiler != nil
    #else
        static let isPossible = false
    #endif

    struct BuildError: Error {
        let status: Int32
    }

    init() throws {
        directory = try TemporaryDirectory()
        let source = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../Benchmarks/storage-faults.c")
            .standardized.path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.compiler ?? "/usr/bin/cc")
        process.arguments = ["-std=c11", "-O1", "-shared", "-fPIC", "-o", directory.path("faults.so"), source, "-ldl"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BuildError(status: process.terminationStatus) }
    }

    func environment(_ faults: [String: String]) -> [String: String] {
        faults.merging(["LD_PRELOAD": directory.path("faults.so"), "FAULTS_LOG": directory.path("log")]) { $1 }
    }

    /// What there was, in its order.
    var log: [String] { (try? directory.read("log"))?.split(separator: "\n").map(String.init) ?? [] }

    /// How many of one sort there were.
    func count(_ sort: String) -> Int { log.count { $0 == sort } }
}
