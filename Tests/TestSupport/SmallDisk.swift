import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file system in memory, of few bytes.
package final class SmallDisk: Sendable {
    private let directory: TemporaryDirectory

    package var path: String { directory.path("disk") }
    private var filler: String { directory.path("disk/filler") }

    package struct MountError: Error {
        let reason: String
    }

    #if os(Linux)
        package static let isPossible: Bool = {
            guard let disk = try? SmallDisk(kilobytes: 64) else { return false }
            return FileManager.default.fileExists(atPath: disk.path)
        }()
    #else
        package static let isPossible = false
    #endif

    package init(kilobytes: Int) throws {
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

    /// Takes all that is free but for `rest` bytes, and nothing of what is given up meanwhile because it is full.
    package func fill(leaving rest: Int = 0) throws {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { throw MountError(reason: String(cString: strerror(errno))) }
        var left = Int(facts.f_bavail) * Int(facts.f_frsize) - rest
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { throw MountError(reason: String(cString: strerror(errno))) }
        defer { close(file) }
        let bytes = [UInt8](repeating: 0, count: 4_096)
        while left > 0, write(file, bytes, bytes.count) > 0 { left -= bytes.count }
    }

    package func free() throws { try FileManager.default.removeItem(atPath: filler) }
}
