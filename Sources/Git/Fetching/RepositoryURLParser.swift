import Values

/// Reads what people write as a repository's URL. Strict: what is read here goes to a server, and over ssh into a shell
/// there (fault B58).
struct RepositoryURLParser {
    private let text: String

    private static let longest = 2_048
    /// A name that is longer is a token that was put where the user stands.
    private static let longestUser = 32
    /// libgit2 puts a path over ssh between single quotes and escapes nothing: only what no shell looks at.
    private static let pathOverSSH = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~/+@:,=-".utf8)
    private static let name = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-".utf8)

    init(_ text: String) {
        self.text = text
    }

    mutating func parse() throws(GitError) -> RepositoryURL {
        guard text.utf8.count <= Self.longest else { throw refused("it has more than \(Self.longest) bytes") }
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F && !isInvisible($0) }) else {
            throw refused("spaces and control characters are written as %20")
        }
        guard let mark = text.firstRange(of: "://") else { return try short() }
        let word = text[..<mark.lowerBound].lowercased()
        guard let scheme = RepositoryURL.Scheme(rawValue: word) else {
            throw refused("it is fetched over https, ssh or from a file:// URL")
        }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = String(rest[authority.endIndex...])
        if scheme == .file { return try file(host: authority, path) }
        let (user, place) = try login(authority, scheme)
        let (host, port) = try address(place)
        let url = RepositoryURL(
            scheme: scheme, user: user, host: host, port: port == Self.port(scheme) ? nil : port,
            path: try checked(path, scheme))
        guard scheme != .http || url.isLoopback else {
            throw refused(
                "http is for this machine alone, because anybody on the way could change what comes: use https")
        }
        return url
    }

    /// `user@host:path`.
    private func short() throws(GitError) -> RepositoryURL {
        guard let colon = text.firstIndex(of: ":") else { throw refused("it has no scheme such as https://") }
        let (user, place) = try login(text[..<colon], .ssh)
        let (host, _) = try address(place)
        let path = String(text[text.index(after: colon)...])
        // user:password@host:path
        guard !path.prefix(while: { $0 != "/" }).contains("@") else { throw refused(Self.password) }
        return RepositoryURL(scheme: .ssh, user: user, host: host, port: nil, path: try checked(path, .ssh))
    }

    private func file(host: Substring, _ path: String) throws(GitError) -> RepositoryURL {
        guard host.isEmpty || host == "localhost" else {
            throw refused("a file:// URL has three slashes before the path: file:///srv/fleet.git")
        }
        guard path.count > 1, let decoded = PercentEncoding.decode(path), !decoded.utf8.contains(0) else {
            throw refused("a file:// URL names an absolute path: file:///srv/fleet.git")
        }
        return RepositoryURL(scheme: .file, user: nil, host: "", port: nil, path: withoutEnd(decoded))
    }

    private func login(
        _ authority: Substring, _ scheme: RepositoryURL.Scheme
    ) throws(GitError) -> (String?, Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (scheme == .ssh ? "git" : nil, authority) }
        let user = authority[..<at]
        guard !user.contains(":") else { throw refused(Self.password) }
        guard !user.isEmpty, !user.hasPrefix("-"), user.utf8.allSatisfy(Self.name.contains) else {
            throw refused("the name before the @ is not one that logs in")
        }
        guard scheme == .ssh || user.utf8.count <= Self.longestUser else { throw refused(Self.password) }
        return (String(user), authority[authority.index(after: at)...])
    }

    private func address(_ place: Substring) throws(GitError) -> (String, Int?) {
        var host = place
        var port: Int?
        let afterAddress = place.lastIndex(of: "]") ?? place.startIndex
        if let colon = place[afterAddress...].firstIndex(of: ":") {
            let digits = place[place.index(after: colon)...]
            guard let number = Int(digits), (1...65_535).contains(number), digits.utf8.count <= 5 else {
                throw refused("the port is a number from 1 to 65535")
            }
            port = number
            host = place[..<colon]
        }
        let isAddress =
            host.hasPrefix("[") && host.hasSuffix("]")
            && host.dropFirst().dropLast().utf8.allSatisfy { Set("0123456789abcdefABCDEF:.".utf8).contains($0) }
        let isName = !host.hasPrefix("-") && !host.hasPrefix(".") && host.utf8.allSatisfy(Self.name.contains)
        guard !host.isEmpty, host.utf8.count <= 253, isAddress || isName else {
            throw refused("it names no host")
        }
        return (host.lowercased(), port)
    }

    private func checked(_ path: String, _ scheme: RepositoryURL.Scheme) throws(GitError) -> String {
        guard !path.contains("?"), !path.contains("#") else { throw refused("it ends with the path: no ? and no #") }
        let path = withoutEnd(path)
        guard !path.isEmpty, path != "/" else { throw refused("it names no repository, only a host") }
        if scheme == .ssh {
            guard path.utf8.allSatisfy(Self.pathOverSSH.contains), !path.hasPrefix("-") else {
                throw refused("its path has characters that a shell on the other side would take for its own")
            }
        } else {
            guard path.utf8.allSatisfy({ $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
                throw refused("other characters than ASCII are written as %C3%A4")
            }
        }
        return path
    }

    private func withoutEnd(_ path: String) -> String {
        var path = path[...]
        while path.utf8.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    private static func port(_ scheme: RepositoryURL.Scheme) -> Int? {
        switch scheme {
        case .https: 443
        case .http: 80
        case .ssh: 22
        case .file: nil
        }
    }

    private static let password =
        "a password or token in it would be seen by everybody: give it with --credentials env:NAME or file:PATH"

    private func refused(_ why: String) -> GitError {
        let shown = escapedForDisplay(RepositoryLocation.withoutCredentials(text), limit: 200)
        return GitError(.badURL, "\(shown) is no URL that a repository is fetched from: \(why)")
    }
}
