#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads a file below a directory and nothing else: every part of the path is opened from the one before it, and a
/// symbolic link is never followed, so that no path leads out (DESIGN.md, rule 13).
enum SecretFile {
    enum Content {
        case bytes([UInt8])
        case missing
        case tooLarge
        /// A link, a directory, a device, or a path with `..`.
        case refused
        case failed(String)
    }

    static func read(_ path: String, below directory: String, limit: Int) -> Content {
        let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let last = names.last, !names.contains(where: { ["", ".", ".."].contains($0) || $0.utf8.contains(0) })
        else { return .refused }
        var current = open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        defer { if current >= 0 { close(current) } }
        guard current >= 0 else { return .failed("the secrets directory: \(text(of: errno))") }
        for name in names.dropLast() {
            let next = openat(current, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW)
            let reason = errno
            guard next >= 0 else { return content(for: reason) }
            close(current)
            current = next
        }
        // Not to hang on a pipe that nobody writes to.
        let file = openat(current, last, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        let reason = errno
        guard file >= 0 else { return content(for: reason) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return .failed(text(of: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .refused }
        return contents(of: file, limit: limit)
    }

    private static func contents(of file: Int32, limit: Int) -> Content {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8_192)
        while bytes.count <= limit {
            let count = buffer.withUnsafeMutableBytes { part in
                #if canImport(Glibc)
                    Glibc.read(file, part.baseAddress, part.count)
                #else
                    Darwin.read(file, part.baseAddress, part.count)
                #endif
            }
            if count == 0 { return .bytes(bytes) }
            if count < 0 {
                if errno == EINTR { continue }
                return .failed(text(of: errno))
            }
            bytes.append(contentsOf: buffer.prefix(count))
        }
        return .tooLarge
    }

    private static func content(for reason: Int32) -> Content {
        switch reason {
        case ENOENT: .missing
        case ELOOP, ENOTDIR: .refused
        default: .failed(text(of: reason))
        }
    }

    private static func text(of reason: Int32) -> String { String(cString: strerror(reason)) }
}
