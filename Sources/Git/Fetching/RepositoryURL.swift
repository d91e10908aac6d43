import Values

/// Where a repository is fetched from: https, ssh and its short form `user@host:path`, file, and http on this machine
/// alone. It never holds a password, so that it may stand anywhere.
package struct RepositoryURL: Sendable, Hashable {
    package enum Scheme: String, Sendable, Hashable {
        case https, http, ssh, file
    }

    package let scheme: Scheme
    /// Who logs in; `nil` where the URL does not say.
    package let user: String?
    /// In lower case; empty for files.
    package let host: String
    /// `nil` for the scheme's own.
    package let port: Int?
    /// Of a file: decoded. Of ssh's short form: below the login's directory, so without a slash at the start.
    package let path: String

    /// Throws `badURL`, and never says what stands before an `@`.
    package init(_ text: String) throws(GitError) {
        var parser = RepositoryURLParser(text)
        self = try parser.parse()
    }

    init(scheme: Scheme, user: String?, host: String, port: Int?, path: String) {
        self.scheme = scheme
        self.user = user
        self.host = host
        self.port = port
        self.path = path
    }

    /// The same text for all spellings of one place. The user of https is left out: it may be half of a secret.
    package var text: String {
        let login = scheme == .ssh ? user.map { $0 + "@" } ?? "" : ""
        let place = host + (port.map { ":\($0)" } ?? "")
        if scheme == .ssh, !path.hasPrefix("/") { return "\(login)\(place):\(path)" }
        return
            "\(scheme.rawValue)://\(login)\(place)\(scheme == .file ? PercentEncoding.encode(path, keeping: [UInt8(ascii: "/")]) : path)"
    }

    /// What libgit2 is given: a plain path for a file, and who logs in for ssh.
    var fetched: String {
        scheme == .file ? path : text
    }

    /// For the name of a directory: the host and the last part of the path, then a digest of it all.
    package var directoryName: String {
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        let words = [host.isEmpty ? "file" : host, last.hasSuffix(".git") ? String(last.dropLast(4)) : last]
        let readable = words.joined(separator: "-").unicodeScalars.prefix(80).map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == ".")
                ? Character(scalar) : "-"
        }
        let digest = Digest(of: text.utf8).text.dropFirst("sha256:".count).prefix(12)
        return String(readable).drop { $0 == "." } + "-" + digest
    }

    /// Whether http without TLS leaves this machine.
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
