import Git
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The fetching process: does what one line says, tells how far it is, and ends.
struct FetchSession {
    private let output: LineOutput
    private var input: LineInput

    /// A private key fits, and no more than a few.
    static let longestRequest = 1 << 20

    init(input: Int32, output: Int32) {
        self.input = LineInput(input, limit: Self.longestRequest)
        self.output = LineOutput(output)
    }

    mutating func run() throws {
        guard let line = try input.next(), let request = FetchRequest(try JSON(parsing: line)) else { return }
        guard ProcessLimits.apply(request.limits) else {
            return try say(.error(ReaderError.Told(description: "the limits of the fetching process cannot be set")))
        }
        // Should the other side be gone, nobody ends a fetch that hangs.
        alarm(UInt32(clamping: request.limits.time.components.seconds + 30))
        do {
            try fetch(request)
            try say(.done)
        } catch let closed as LineOutput.Closed {
            throw closed
        } catch {
            try say(.error(error))
        }
    }

    private func fetch(_ request: FetchRequest) throws {
        let url = try RepositoryURL(request.url)
        let cache = FetchCache(directory: request.cache)
        try cache.prepare()
        let telling = Telling(output)
        let lock = try FetchLock(cache.lockFile) { telling.tell(.waiting) }
        if let certificates = request.certificates { try TrustedCertificates.use(fileAt: certificates) }
        if url.scheme == .ssh { try KnownHosts.gather(request.knownHosts, into: cache.directory + "/home") }
        var options = FetchOptions(limit: request.limits.bytes)
        options.credentials = request.credentials
        options.trustOwner = request.trustsOwner
        let repository = try cache.open()
        try repository.fetch(from: url, options) { telling.tell(.progress($0)) }
        // What came is there; that it could not be put in order is no reason to leave it out, nor to end by the signal that
        // one pack of everything would be too long a file.
        _ = signal(SIGXFSZ, SIG_IGN)
        try? cache.tidy(repository) { telling.tell(.progress(FetchProgress())) }
        _ = consume lock
    }

    private func say(_ message: FetchMessage) throws {
        try output.put(message.json.canonicalBytes, flush: true)
    }

    /// Tells at most a few times a second.
    private final class Telling {
        private let output: LineOutput
        private var last: ContinuousClock.Instant?

        init(_ output: LineOutput) {
            self.output = output
        }

        func tell(_ message: FetchMessage) {
            let now = ContinuousClock.now
            if let last, last.duration(to: now) < .milliseconds(200) { return }
            last = now
            guard (try? output.put(message.json.canonicalBytes, flush: true)) == nil else { return }
            // Nobody waits for it any more.
            _exit(EXIT_FAILURE)
        }
    }
}
