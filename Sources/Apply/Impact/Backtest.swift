import Spec
import Values

/// Where recorded events would go.
package struct Backtest: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// Starts a run that it did not start.
        case matches
        /// Starts no run any more.
        case passes
        /// Starts a run of something else.
        case redirected
        /// What is known of the event does not tell whether it starts the same as before.
        case untold
    }

    package struct Row: Sendable, Hashable {
        /// Of the inbox.
        package let event: String
        package let name: String
        package let receivedAt: Instant
        /// The declared name; the recorded one where the trigger is gone.
        package let trigger: String
        package let outcome: Outcome
        package let before: ResourceID?
        package let after: ResourceID?
        /// Why a run does not start any more, or why that cannot be told.
        package let reason: String?
    }

    private static let limit = 500
    private static let shown = 10

    /// Events that were routed.
    package internal(set) var events = 0
    package internal(set) var counts: [Outcome: Int] = [:]
    /// The first, in the order in which the events were given.
    package private(set) var rows: [Row] = []

    package var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ row: Row) {
        counts[row.outcome, default: 0] += 1
        if rows.count < Self.limit { rows.append(row) }
    }

    var json: JSON {
        [
            "events": .number(JSONNumber(events)),
            "counts": .object(
                JSONMembers(said.map { ($0.rawValue, JSON.number(JSONNumber(counts[$0] ?? 0))) })),
            "rows": .array(rows.map(\.json)),
        ]
    }

    /// What cannot be told is a word only where there is such an event: of a state everything is told.
    private var said: [Outcome] { Outcome.allCases.filter { $0 != .untold || counts[$0] != nil } }

    var lines: [String] {
        let numbers = said.map { "\(counts[$0] ?? 0) \($0.words)" }.joined(separator: ", ")
        var lines = ["of the last \(events) events: \(numbers)"]
        lines += rows.prefix(Self.shown).map(\.text)
        let count = counts.values.reduce(0, +)
        if count > Self.shown { lines.append("and \(count - Self.shown) more") }
        return lines
    }
}

extension Backtest.Outcome {
    fileprivate var words: String {
        switch self {
        case .matches: "now start a run"
        case .passes: "no longer do"
        case .redirected: "run something else"
        case .untold: "cannot be told"
        }
    }
}

extension Backtest.Row {
    fileprivate var json: JSON {
        var object: JSONMembers = [
            "event": .string(event), "name": .string(name), "receivedAt": .string(receivedAt.rfc3339),
            "trigger": .string(trigger), "outcome": .string(outcome.rawValue),
        ]
        object["before"] = before.map { ["kind": .string($0.kind.rawValue), "name": .string($0.name)] }
        object["after"] = after.map { ["kind": .string($0.kind.rawValue), "name": .string($0.name)] }
        object["reason"] = reason.map(JSON.string)
        return .object(object)
    }

    fileprivate var text: String {
        let head = "\(event) \(name): Trigger/\(trigger)"
        switch outcome {
        case .matches: return "+ \(head) would run \(after?.description ?? "")"
        case .passes: return "- \(head) would not run \(before?.description ?? "") (\(reason ?? ""))"
        case .redirected: return "~ \(head) would run \(after?.description ?? ""), not \(before?.description ?? "")"
        case .untold: return "? \(head) cannot be told: \(reason ?? "")"
        }
    }
}
