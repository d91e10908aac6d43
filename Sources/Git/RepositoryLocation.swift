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

    /// Opens the repository at a path. A URL is refused with `unsupported`: fetching is not part of this version.
    package func open(trustOwner: Bool = false) throws(GitError) -> Repository {
        switch self {
        case .path(let path):
            return try Repository.open(at: path, trustOwner: trustOwner)
        case .url(let url):
            let shown = escapedForDisplay(Self.withoutCredentials(url))
            throw GitError(
                .unsupported,
                "\(shown) is a URL, and fetching is not part of this version: run `git clone \(shown) DIRECTORY` and"
                    + " give the directory")
        }
    }

    /// The URL without `user:password@`: a secret never stands in a message.
    static func withoutCredentials(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = host.lastIndex(of: "@") else { return url }
        return String(url[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }
}
