import Git
import Spec
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Questions to a reading process and its answers, each of them bounded. After the first that fails without an answer
/// the process is ended.
final class ReaderConnection {
    /// A piece of an answer.
    enum Part {
        /// Lines, as they came: decoding them can wait until more was taken in.
        case raw(RawPart)
        /// What came before is void.
        case again
        case change(SnapshotChange)
        case diagnostic(Diagnostic)
    }

    private let process: ReaderProcess
    private let output: LineOutput
    private var input: LineInput
    private let limits: ReaderLimits
    /// What it said it was at.
    private var what = "the repository"
    private var failure: ReaderError?

    /// It watches itself, and ends itself; this is for where it cannot any more.
    private static let margin = Duration.seconds(10)

    init(_ limits: ReaderLimits) throws(ReaderError) {
        self.limits = limits
        process = try ReaderProcess()
        output = LineOutput(process.input)
        input = LineInput(process.output, limit: ReaderLimits.line)
    }

    /// The result; the pieces before it go to `part`. Throws what the other side threw, or `ReaderError`.
    func ask(_ request: ReaderRequest, _ part: (Part) throws -> Void = { _ in }) throws -> JSON {
        if let failure { throw failure }
        what = request.what
        do {
            try output.put(request.json.canonicalBytes, flush: true)
        } catch {
            throw ended()
        }
        let latest = ContinuousClock.now.advanced(by: limits.time + Self.margin)
        var begin = input.count
        while true {
            let line = try line(until: min(latest, ContinuousClock.now.advanced(by: limits.stall + Self.margin)))
            guard input.count - begin <= limits.answer + Self.chunk else {
                throw fail(ReaderTrouble.answerTooLong(limits))
            }
            if RawPart.isResource(line) {
                let places = try self.line(until: latest)
                try part(.raw(.resource(head: line, places: places, manifest: try self.line(until: latest))))
                continue
            }
            if RawPart.isFile(line) {
                try part(.raw(.file(line)))
                continue
            }
            guard let message = ReaderMessage(line: line) else { throw nonsense() }
            switch message {
            case .beat(let what): self.what = escapedForDisplay(what)
            case .result(let result): return result
            case .error(let error):
                if let error = error as? ReaderError { throw fail(error) }
                throw error
            // Written otherwise than they are sent.
            case .resource, .file: throw nonsense()
            case .again:
                begin = input.count
                try part(.again)
            case .change(let change): try part(.change(change))
            case .diagnostic(let diagnostic): try part(.diagnostic(diagnostic))
            }
        }
    }

    /// What is read at once may belong to the next answer.
    private static let chunk = 1 << 20

    func nonsense() -> ReaderError {
        fail(
            ReaderError(
                .unreadableAnswer,
                "the process that reads the repository gave an answer that is none: the repository may be damaged; run"
                    + " `git fsck`"))
    }

    private func line(until deadline: ContinuousClock.Instant) throws -> [UInt8] {
        do {
            if let line = try input.next(until: deadline) { return line }
        } catch .outOfTime {
            throw fail(ReaderTrouble.stalled(on: what, limits))
        } catch .tooLong {
            throw fail(ReaderTrouble.answerTooLong(limits))
        } catch .io(let code) {
            throw fail(ReaderError(.ended, "the answer cannot be read: \(String(cString: strerror(code)))"))
        }
        throw ended()
    }

    private func fail(_ error: ReaderError) -> ReaderError {
        process.kill()
        failure = error
        return error
    }

    /// Why it is gone.
    private func ended() -> ReaderError {
        let end = process.kill()
        let advice = "the repository is damaged or too large; run `git fsck`"
        let error: ReaderError
        switch end.signal {
        case SIGXCPU:
            error = ReaderError(
                .overLimit, "reading \(what) took more than \(limits.time.inSeconds) of processor time: \(advice)")
        case let signal? where end.memory > limits.memory / 2:
            error = ReaderError(
                .overLimit,
                "reading \(what) took more than the \(limits.memory >> 20) MiB of memory that it may take (signal"
                    + " \(signal)): \(advice), or raise WRIT_READ_MEMORY")
        case let signal?:
            error = ReaderError(
                .ended,
                "the process that reads the repository ended by signal \(signal) while reading \(what): \(advice)")
        case nil:
            error = ReaderError(
                .ended,
                "the process that reads the repository ended while reading \(what), with status"
                    + " \(end.status >> 8 & 0xFF): \(advice)")
        }
        return fail(error)
    }
}
