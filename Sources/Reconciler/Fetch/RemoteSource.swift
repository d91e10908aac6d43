import Agents
import Git
import Values

/// A repository behind a URL: fetched into a cache, and then read there like any other.
struct RemoteSource {
    let url: RepositoryURL
    let cache: FetchCache
    private let options: RepositoryOptions

    /// Nil for a repository on this machine that was given by its path.
    init?(_ options: RepositoryOptions) throws {
        guard case .url(let text) = RepositoryLocation(options.location) else { return nil }
        url = try RepositoryURL(text)
        cache = FetchCache(for: url)
        self.options = options
    }

    /// Brings the cache up to date, in a process of its own. Throws what kept it from that; the cache then says what it
    /// said before.
    ///
    /// - Parameter progress: told how far it is, in words
    func fetch(progress: (String) -> Void = { _ in }) throws {
        let limits = try FetchLimits.chosen()
        let credentials = try credentials()
        let request = FetchRequest(
            url: options.location, cache: cache.directory, trustsOwner: options.trustsOwner, limits: limits,
            credentials: credentials, certificates: options.certificates, knownHosts: options.knownHostsFiles)
        let connection = try FetchConnection(limits)
        do {
            try connection.run(request) { progress(Self.words($0)) }
        } catch let error as GitError {
            throw Self.redacted(error, credentials)
        }
    }

    /// The same, with a line on a terminal where it takes long.
    func fetch(quiet: Bool) throws {
        guard !quiet, !Environment.isSet("WRIT_QUIET"), Terminal.isErrorTerminal else { return try fetch() }
        let line = ProgressLine("Fetching \(url.text)")
        defer { line.end() }
        try fetch { line.update("Fetching \(url.text): \($0)") }
    }

    private func credentials() throws -> FetchCredentials {
        if let chosen = try options.chosenCredentials { return try chosen.read(for: url) }
        return url.scheme == .ssh && Environment["SSH_AUTH_SOCK"] != nil ? .agent : .none
    }

    /// What a server says may repeat what it was sent.
    private static func redacted(_ error: GitError, _ credentials: FetchCredentials) -> GitError {
        guard case .token(let token) = credentials else { return error }
        var redactor = Redactor()
        redactor.add(token)
        return GitError(error.code, redactor.redact(error.message), underlying: error.underlying.map(redactor.redact))
    }

    private static func words(_ message: FetchMessage) -> String {
        guard case .progress(let progress) = message else { return "waiting for another fetch" }
        if progress.deltas > 0, progress.resolved > 0 {
            return "putting together \(progress.resolved) of \(progress.deltas)"
        }
        guard progress.objects > 0 else { return "asking" }
        return "\(progress.received) of \(progress.objects) objects, \(progress.bytes >> 10) KiB"
    }
}
