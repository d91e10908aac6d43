import Outbound
import Values

/// Why something could not be done at the sender of webhooks. `message` says what to do; no secret is in it.
struct SenderProblem: Error, Sendable, Hashable {
    enum Code: Sendable, Hashable {
        /// The same may succeed soon.
        case passing
        /// The sender wants to be left alone until then.
        case limited(until: Instant)
        /// The repository has another name now, and is reached by its number.
        case moved(number: String)
        /// Somebody has to do something about it.
        case refused
        /// What was asked for is not there.
        case missing
        /// What was asked for is there already, or cannot be done to it.
        case unprocessable
    }

    let code: Code
    let message: String
    /// Whether it is known that the sender has no webhook as declared, whatever else it says.
    private(set) var isAbsent = false

    /// The same, met while something was put right that was seen not to be as declared.
    var whileAbsent: SenderProblem {
        var problem = self
        problem.isAbsent = true
        return problem
    }

    /// Whether it says nothing of what is at the sender.
    var isPassing: Bool {
        switch code {
        case .passing, .limited: true
        case .refused, .moved, .missing, .unprocessable: false
        }
    }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: OutboundError) {
        switch error.code {
        case .timeout, .connect, .protocol, .cancelled, .circuitOpen: self.init(.passing, error.message)
        default: self.init(.refused, error.message)
        }
    }

    /// When to try again.
    ///
    /// - Parameters:
    ///   - attempt: failures in a row, this one counted
    ///   - random: 0 to 1: adds up to a tenth, so that what failed together does not come back together
    func next(afterAttempt attempt: Int, now: Instant, random: Double) -> Instant {
        let share = random.isFinite ? min(max(random, 0), 1) : 1
        var seconds: Int64 = Self.longest
        switch code {
        case .limited(let until):
            // Not at the very moment, in which all others come back too.
            let wait = max(until.duration(since: now), .zero)
            return now.advanced(by: min(wait, .seconds(86_400)) + .milliseconds(Int64(1_000 + share * 9_000)))
        case .passing: seconds = min(10 << Int64(min(max(attempt, 1), 10) - 1), Self.longest)
        case .refused, .moved, .missing, .unprocessable:
            seconds = min(300 << Int64(min(max(attempt, 1), 5) - 1), Self.longest)
        }
        return now.advanced(by: .milliseconds(seconds * 1_000 + Int64(Double(seconds) * 100 * share)))
    }

    /// Seconds.
    private static let longest: Int64 = 3_600
}
