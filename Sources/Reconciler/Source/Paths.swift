#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Paths of this machine.
enum Paths {
    /// The absolute path with links resolved; nil where nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Where a file is that the path may only be a link to, also before it is there: what stands beside a file, such as
    /// its lock, stands beside that one.
    static func followed(_ path: String) -> String {
        var path = path
        for _ in 0..<linkLimit {
            var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = target.withUnsafeMutableBytes { buffer in
                buffer.assumingMemoryBound(to: CChar.self).baseAddress.map { readlink(path, $0, buffer.count) } ?? -1
            }
            guard count > 0 else { return path }
            let next = String(decoding: target.prefix(count), as: UTF8.self)
            let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
            path = next.hasPrefix("/") ? next : directory + next
        }
        return path
    }

    /// As many as the kernel follows (path_resolution(7)).
    private static let linkLimit = 40

    /// Makes the directories above a file that are missing, for their owner alone.
    ///
    /// - Returns: those that were made, the outer ones first
    @discardableResult
    static func makeDirectories(above file: String) -> [String] {
        var made: [String] = []
        var path = ""
        for name in file.split(separator: "/").dropLast() {
            path += (path.isEmpty && !file.hasPrefix("/") ? "" : "/") + name
            if mkdir(path, 0o700) == 0 { made.append(path) }
        }
        return made
    }

    /// Whether something is there, of any sort, be it a link to nowhere.
    static func exists(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0
    }

    static func isFile(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }
}
