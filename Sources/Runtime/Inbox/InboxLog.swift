import Logging
import Spec
import State
import Synchronization
import Values

/// What the inbox says. Whoever sends what is refused cannot fill the log: of each sort and endpoint one line a minute
/// is written, with how many were left out since the last one.
struct InboxLog: Sendable {
    private let logger: Logger
    private let quiet = QuietLines()

    init(_ logger: Logger) {
        self.logger = logger
    }

    func unverified(_ text: String, at endpoint: String, _ now: Instant) {
        write(.notice, text, endpoint, sort: "unverified", now)
    }

    func problem(_ text: String, at endpoint: String, _ now: Instant) {
        write(.error, text, endpoint, sort: "problem", now)
    }

    func limited(_ endpoint: String, _ now: Instant) {
        write(.warning, "a webhook sends more than it may (rateLimit)", endpoint, sort: "limited", now)
    }

    func repeated(_ endpoint: String, _ now: Instant) {
        write(
            .warning, "a webhook gets again what came before, more often than ten times what it takes (rateLimit)",
            endpoint, sort: "repeated", now)
    }

    /// What the bound of the queue is for, and no fault.
    func full(_ text: String, at endpoint: String, _ now: Instant) {
        write(.warning, "a webhook is to come again later: \(text)", endpoint, sort: "full", now)
    }

    func accepted(_ event: NewEvent, _ id: String, _ runs: [String], _ decisions: [RoutingDecision]) {
        logger.info(
            "an event was accepted",
            metadata: [
                "event": "\(id)", "name": "\(event.name)", "endpoint": "\(event.endpoint)",
                "runs": .array(runs.map { "\($0)" }),
            ])
        for decision in decisions {
            guard case .pass(let reason) = decision.outcome else { continue }
            logger.info(
                "a trigger passed an event: \(reason)",
                metadata: ["event": "\(id)", "trigger": "\(decision.trigger)"])
        }
    }

    private func write(_ level: Logger.Level, _ text: String, _ endpoint: String, sort: String, _ now: Instant) {
        guard let omitted = quiet.pass("\(sort) \(endpoint)", now) else { return }
        var metadata: Logger.Metadata = ["endpoint": "\(endpoint)"]
        if omitted > 0 { metadata["omitted"] = .stringConvertible(omitted) }
        logger.log(level: level, "\(text)", metadata: metadata)
    }
}

/// Which lines are written.
final class QuietLines: Sendable {
    private struct Line {
        var at: Instant
        var omitted = 0
    }

    private let lines = Mutex<[String: Line]>([:])

    private static let pause = Duration.seconds(60)
    /// More keys than there are endpoints: names from outside must not fill the memory.
    private static let capacity = 10_000

    /// - Returns: how many lines with this key were left out since the last one; `nil` where this one is, too
    func pass(_ key: String, _ now: Instant) -> Int? {
        lines.withLock { lines in
            guard let last = lines[key] else {
                if lines.count >= Self.capacity { lines = [:] }
                lines[key] = Line(at: now)
                return 0
            }
            let age = now.duration(since: last.at)
            // A clock that was set back must not keep it silent.
            guard age >= Self.pause || age < .zero else {
                lines[key]?.omitted += 1
                return nil
            }
            lines[key] = Line(at: now)
            return last.omitted
        }
    }
}
