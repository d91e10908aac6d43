import CLibGit2

/// What libgit2's word about a fetch that failed means to people.
enum FetchFailure {
    static func error(_ status: Int32, _ url: RepositoryURL) -> GitError {
        let said = LibGit2.lastMessage()
        let text = said ?? ""
        let place = escapedForDisplay(url.text)
        if text.contains("cannot redirect from") {
            return GitError(
                .untrusted,
                "\(place) leads to another host or away from TLS, where the credentials do not go: give the URL of that"
                    + " place itself if it is the right one", underlying: said)
        }
        if url.scheme == .ssh, let error = ofSSH(text, place, said) { return error }
        if status == GIT_EAUTH.rawValue || text.contains("status code: 401") || text.contains("status code: 403") {
            return GitError(
                .unauthorized, "\(place) does not let us in: see --credentials", underlying: said)
        }
        if status == GIT_ECERTIFICATE.rawValue || text.contains("certificate") {
            return GitError(.untrusted, "the certificate of \(place) cannot be trusted", underlying: said)
        }
        if text.contains("status code: 404") {
            return GitError(
                .unreachable,
                "there is no repository at \(place), or it is shown to those alone who give --credentials",
                underlying: said)
        }
        let kind = LibGit2.lastClass()
        let isOurs = [GIT_ERROR_OS, GIT_ERROR_FILESYSTEM, GIT_ERROR_REFERENCE, GIT_ERROR_NOMEMORY].contains {
            Int32(bitPattern: $0.rawValue) == kind
        }
        if isOurs, url.scheme == .file || !text.contains("connect") {
            return GitError(.io, "what comes from \(place) cannot be kept", underlying: said)
        }
        return GitError(.unreachable, "\(place) cannot be fetched", underlying: said)
    }

    /// libssh2's words, and those of git at the other end.
    private static func ofSSH(_ text: String, _ place: String, _ said: String?) -> GitError? {
        if text.contains("Failed to authenticate SSH session") {
            return GitError(
                .unauthorized,
                "\(place) wants to know who asks: the key has a passphrase (then use an ssh agent), or is of a kind that"
                    + " is not taken (take ed25519)", underlying: said)
        }
        if text.contains("Unable to exchange encryption keys") {
            return GitError(
                .untrusted,
                "\(place) and writ have no kind of host key in common that is known: known_hosts wants its ed25519 or ECDSA"
                    + " key, as an RSA key is not asked for with SHA-2 (`ssh-keyscan -t ed25519,ecdsa`)",
                underlying: said)
        }
        if text.contains("does not appear to be a git repository") {
            return GitError(.unreachable, "there is no repository at \(place)", underlying: said)
        }
        return nil
    }
}
