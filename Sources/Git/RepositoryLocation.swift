/// Where a configuration repository is, as people write it: a path or a URL.
package enum RepositoryLocation: Sendable, Hashable {
    case path(String)
    case url(String)

    /// `scheme://…` and git's short form `host:path` (a colon before the first slash) are URLs, all else is a path.
    /// A directory whose name holds a colon is written `./a:b`.
    package init(_ text: String) {
        let beforeSlash = text.prefix { $0 != "/" }
        self = beforeSlash.contains(":") ? .url(text) : .path(text)
    }

    /// Opens the repository at a path. A URL is refused with `unsupported`: it has to be fetched before.
    package func open(trustOwner: Bool = false) throws(GitError) -> Repository {
        switch self {
        case .path(let path):
            return try Repository.open(at: path, trustOwner: trustOwner)
        case .url(let url):
            let shown = escapedForDisplay(Self.withoutCredentials(url))
            throw GitError(.unsupported, "\(shown) is a URL, where the directory of a repository is needed")
        }
    }

    /// The URL without `user:password@` and what stands behind a `?`: a secret never stands in a message.
    package static func withoutCredentials(_ url: String) -> String {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        return withoutLogin(String(url[..<end])) + (end == url.endIndex ? "" : "\(url[end])…")
    }

    private static func withoutLogin(_ url: String) -> String {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let rest = url[start...]
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = host.lastIndex(of: "@") else { return url }
        // The short form `git@host:path` has a name there, and no password.
        if start == url.startIndex, !host[..<at].contains(":") { return url }
        return String(url[..<start] + rest[rest.index(after: at)...])
    }
}
