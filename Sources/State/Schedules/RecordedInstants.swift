import GRDB
import Spec
import Values

/// What is recorded of instants after a schedule's cursor: there is something only where the clock was ahead.
package struct RecordedInstants: Sendable {
    /// Those with a run.
    package let ran: Set<Instant>
    package let skipped: [RecordedSkip]

    package var isEmpty: Bool { ran.isEmpty && skipped.isEmpty }
}

/// A row for instants in a row that did not run.
package struct RecordedSkip: Sendable, Hashable {
    package let run: String
    package let instants: InstantSpan
    /// What the clock said.
    package let recordedAt: Instant
}

/// Instants of a schedule, all between two of them.
package struct InstantSpan: Sendable, Hashable {
    package let first: Instant
    package let last: Instant
    package let count: Int

    /// `nil` without any.
    package init?(_ instants: [Instant]) {
        guard let first = instants.first, let last = instants.last else { return nil }
        self.first = first
        self.last = last
        count = instants.count
    }

    /// Those that a skipped run stands for; `nil` where they are not several.
    package init?(of run: Run) {
        guard run.state == .skipped, run.attempt == 0, run.missed > 1, let first = run.missedSince,
            let last = run.scheduledAt
        else { return nil }
        self.first = first
        self.last = last
        count = run.missed
    }

    init(row: Row) throws {
        last = try row.get("scheduled_at")
        first = try row.find("missed_since") ?? last
        count = max(try row.get("missed"), 1)
    }
}

/// Instants that are taken out of a row, because they are decided anew: what is left of it before and after them.
package struct RetakenSkip: Sendable, Hashable {
    package let run: String
    /// What it stood for when it was read.
    package let instants: InstantSpan
    package let before: InstantSpan?
    package let after: InstantSpan?

    package init(run: String, instants: InstantSpan, before: InstantSpan?, after: InstantSpan?) {
        self.run = run
        self.instants = instants
        self.before = before
        self.after = after
    }
}

extension StateReader {
    /// What is recorded of a trigger's instants after its cursor, up to `last`.
    package func recordedInstants(
        of trigger: String, after cursor: Instant, through last: Instant
    ) throws(StateError) -> RecordedInstants {
        try read("reading which instants of trigger \(trigger) are decided") { db in
            let rows = try db.instantRows(of: trigger, after: cursor, through: last)
            return RecordedInstants(
                ran: Set(try rows.filter { try !$0.isSkip }.map { try $0.get("scheduled_at") }),
                skipped: try rows.filter { try $0.isSkip }.map { row in
                    RecordedSkip(
                        run: try row.get("id"), instants: try InstantSpan(row: row),
                        recordedAt: try row.get("created_at"))
                })
        }
    }
}

extension Row {
    fileprivate var isSkip: Bool { get throws { try get("is_skip") } }
}

extension Database {
    /// Whether a row still stands for these instants, of which none was retried.
    func isSkipped(_ run: String, for instants: InstantSpan) throws -> Bool {
        let row = try row(
            """
            SELECT \(Run.scheduledAt) AS scheduled_at, missed_since, missed FROM run
            WHERE id = :id AND state = 'skipped' AND attempt = 0 AND \(Run.scheduledAt) IS NOT NULL
            """, ["id": run])
        return try row.map(InstantSpan.init(row:)) == instants
    }

    /// No row reaches over another one: of those that end after `last`, only the next one can begin before it.
    fileprivate func instantRows(of trigger: String, after cursor: Instant, through last: Instant) throws -> [Row] {
        let names = try condition(ResourceID(kind: .trigger, name: trigger), name: "trigger_name")
        let arguments = names.arguments.merging(["cursor": cursor, "last": last]) { _, own in own }
        return try ["scheduled_at", "former_scheduled_at"].flatMap { column in
            try rows(
                """
                SELECT id, \(column) AS scheduled_at, missed_since, missed, created_at,
                    state = 'skipped' AND attempt = 0 AND event_id IS NULL AS is_skip
                FROM run
                WHERE \(names.text) AND \(column) > :cursor AND \(column) <= coalesce((
                    SELECT min(\(column)) FROM run WHERE \(names.text) AND \(column) > :last), :last)
                """, arguments
            ).filter { row in
                let end: Instant = try row.get("scheduled_at")
                let start: Instant = try row.find("missed_since") ?? end
                return try end <= last || row.isSkip && start <= last
            }
        }
    }
}
