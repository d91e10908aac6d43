import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The time zones of this machine.
enum SystemZones {
    private static let limit = 1 << 20

    static let database = ZoneDatabase { name in
        SmallFile.read(Environment["TZDIR"] ?? "/usr/share/zoneinfo", name, limit: limit)
    }
}

enum SmallFile {
    /// The bytes of a file; nil where it is not there, no regular file, or longer than `limit`.
    static func read(_ directory: String, _ name: String, limit: Int) -> [UInt8]? {
        read("\(directory)/\(name)", limit: limit)
    }

    static func tooLong(_ limit: Int) -> String { "is over \(limit >> 20) MiB" }

    /// Why `read` gives nothing.
    static func problem(_ path: String, limit: Int) -> String {
        guard !path.isEmpty else { return "is an empty path" }
        var facts = stat()
        guard stat(path, &facts) == 0 else { return "cannot be read: \(String(cString: strerror(errno)))" }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            return facts.st_mode & S_IFMT == S_IFDIR ? "is a directory" : "is no regular file"
        }
        return facts.st_size > limit ? tooLong(limit) : "cannot be read: see who owns it"
    }

    static func read(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size <= limit else {
            return nil
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = chunk.withUnsafeMutableBytes { buffer in
                systemRead(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
        }
        return nil
    }

    private static func systemRead(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, start, count)
        #else
            Darwin.read(descriptor, start, count)
        #endif
    }
}
