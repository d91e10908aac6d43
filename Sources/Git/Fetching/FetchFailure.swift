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
}
