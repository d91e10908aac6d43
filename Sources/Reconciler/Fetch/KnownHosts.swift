import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Known hosts as libgit2 finds them: in `.ssh/known_hosts` below `HOME`, of which the fetching process has one of its
/// own. libgit2 compares the host key with that file, and refuses what is not in it.
enum KnownHosts {
    private static let limit = 4 << 20

    /// Gathers files into one below `home`. Keys that one of them revokes are left out everywhere; what else has a
    /// mark, certificate authorities, libssh2 does not know. Throws `io`.
    static func gather(_ files: [String], into home: String) throws(GitError) {
        let lines = files.compactMap { SmallFile.read($0, limit: limit) }.flatMap { bytes in
            bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        }
        let text = trusted(lines).joined(separator: "\n") + "\n"
        let path = home + "/.ssh/known_hosts"
        Paths.makeDirectories(above: path)
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw GitError(
                .io, "\(escapedForDisplay(path)) cannot be written", underlying: String(cString: strerror(errno)))
        }
        Terminal.write(text, to: file)
        close(file)
        setenv("HOME", home, 1)
    }

    static func trusted(_ lines: [String]) -> [String] {
        func words(_ line: String) -> [Substring] { line.split { $0 == " " || $0 == "\t" || $0 == "\r" } }
        let revoked = Set(lines.map(words).filter { $0.first == "@revoked" }.compactMap { $0.dropFirst(3).first })
        return lines.filter { line in
            let parts = words(line)
            guard let first = parts.first, !first.hasPrefix("#"), !first.hasPrefix("@"), parts.count >= 3 else {
                return false
            }
            return !revoked.contains(parts[2])
        }
    }
}
