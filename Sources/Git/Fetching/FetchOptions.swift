/// What shows a remote who asks. It lives in memory only.
package enum FetchCredentials: Sendable {
    case none
    /// The password of https.
    case token(String)
    /// A private key of ssh, the text of its file, without a passphrase.
    case key(String)
    /// The keys of the ssh agent that `SSH_AUTH_SOCK` names.
    case agent
}

/// How a fetch goes. libgit2 1.5 cannot fetch less than the whole history, so the limit is on its size.
package struct FetchOptions: Sendable {
    package var credentials = FetchCredentials.none
    /// Bytes that one fetch may receive.
    package var limit: Int
    /// Whether a repository of another user is read, where it lies on this machine.
    package var trustOwner = false

    package init(limit: Int) {
        self.limit = limit
    }
}

/// How far a fetch is.
package struct FetchProgress: Sendable, Hashable {
    package var received = 0
    package var objects = 0
    package var bytes = 0
    /// Objects that are only told as a difference to others, and how many of those were put together.
    package var deltas = 0
    package var resolved = 0

    package init() {}
}
