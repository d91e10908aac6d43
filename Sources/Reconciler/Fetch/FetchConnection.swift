import Git
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One fetch by another process, with deadlines for every word of it and for the whole. libgit2 1.5 waits for a server
/// as long as that likes; ending its process is the only way to stop it.
struct FetchConnection {
    private let process: ReaderProcess
    private let limits: FetchLimits

    /// What else the fetching process sees of the environment: the agent's socket and the proxies.
    private static let kept = [
        "SSH_AUTH_SOCK", "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]

    init(_ limits: FetchLimits) throws(ReaderError) {
        self.limits = limits
        process = try ReaderProcess(FetchRemote.name, keeping: Self.kept)
    }

    /// Throws what the other side threw, `GitError` with `unreachable` where it was too slow, and `ReaderError`.
    func run(_ request: FetchRequest, _ told: (FetchMessage) -> Void) throws {
        var input = LineInput(process.output, limit: 64 << 10)
        let place = escapedForDisplay(RepositoryLocation.withoutCredentials(request.url))
        let latest = ContinuousClock.now.advanced(by: limits.time)
        do {
            try LineOutput(process.input).put(request.json.canonicalBytes, flush: true)
        } catch {
            throw ended(place)
        }
        while true {
            let line: [UInt8]?
            do {
                line = try input.next(until: min(latest, ContinuousClock.now.advanced(by: limits.stall)))
            } catch .outOfTime {
                process.kill()
                throw slow(place, isWhole: ContinuousClock.now >= latest)
            } catch {
                throw ended(place)
            }
            guard let line else { throw ended(place) }
            guard let message = (try? JSON(parsing: line)).flatMap({ FetchMessage($0) }) else {
                process.kill()
                throw ReaderError(.unreadableAnswer, "the process that fetches \(place) gave an answer that is none")
            }
            switch message {
            case .done: return
            case .error(let error): throw error
            case .progress, .waiting: told(message)
            }
        }
    }

    private func slow(_ place: String, isWhole: Bool) -> GitError {
        guard isWhole else {
            return GitError(.unreachable, "\(place) said nothing for \(limits.stall.inSeconds)")
        }
        return GitError(
            .unreachable, "fetching \(place) took longer than \(limits.time.inSeconds): see WRIT_FETCH_TIMEOUT")
    }

    private func ended(_ place: String) -> ReaderError {
        let end = process.kill()
        switch end.signal {
        case SIGXFSZ, SIGXCPU:
            return ReaderError(
                .overLimit, "fetching \(place) took more than it may: see WRIT_FETCH_LIMIT and WRIT_FETCH_TIMEOUT")
        case let signal?:
            return ReaderError(.ended, "the process that fetches \(place) ended by signal \(signal)")
        case nil:
            return ReaderError(
                .ended, "the process that fetches \(place) ended with status \(end.status >> 8 & 0xFF)")
        }
    }
}
