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

    /// How many of one sort there were.
    func count(_ sort: String) -> Int {
        let lines = (try? directory.read("log"))?.split(separator: "\n") ?? []
        return lines.count { $0 == sort }
    }
}

/// A file system in memory, of few bytes.
final class SmallDisk: Sendable {
    private let directory: TemporaryDirectory

    var path: String { directory.path("disk") }
    private var filler: String { directory.path("disk/filler") }

    struct MountError: Error {
        let reason: String
    }

    #if os(Linux)
        static let isPossible: Bool = {
            guard let disk = try? SmallDisk(kilobytes: 64) else { return false }
            return FileManager.default.fileExists(atPath: disk.path)
        }()
    #else
        static let isPossible = false
    #endif

    init(kilobytes: Int) throws {
        directory = try TemporaryDirectory()
        try directory.makeDirectory("disk")
        #if os(Linux)
            guard mount("tmpfs", directory.path("disk"), "tmpfs", 0, "size=\(kilobytes)k,mode=0700") == 0 else {
                throw MountError(reason: String(cString: strerror(errno)))
            }
        #endif
    }

    deinit {
        #if os(Linux)
            // 2 is MNT_DETACH: what still has a file open there does not keep the directory.
            umount2(directory.path("disk"), 2)
        #endif
    }

    /// Takes all that is free, and nothing of what is given up meanwhile because it is full.
    func fill() throws {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { throw MountError(reason: String(cString: strerror(errno))) }
        var left = Int(facts.f_bavail) * Int(facts.f_frsize)
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { throw MountError(reason: String(cString: strerror(errno))) }
        defer { close(file) }
        let bytes = [UInt8](repeating: 0, count: 4_096)
        while left > 0, write(file, bytes, bytes.count) > 0 { left -= bytes.count }
    }

    func free() throws { try FileManager.default.removeItem(atPath: filler) }
}
