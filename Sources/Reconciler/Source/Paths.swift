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

    /// Makes the directories above a file that are missing, for their owner alone.
    static func makeDirectories(above file: String) {
        var path = ""
        for name in file.split(separator: "/").dropLast() {
            path += (path.isEmpty && !file.hasPrefix("/") ? "" : "/") + name
            mkdir(path, 0o700)
        }
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
