import GRDB
import Spec
import Values

/// What is removed when it is old, in the order in which it is gone through: what points at something goes before it.
package enum CleanupPart: String, Sendable, Hashable, CaseIterable {
    case steps, deliveries, runs, events
    /// Ids of senders whose events are gone.
    case eventKeys
    case observations
}

/// What one step of a clean-up came to.
package struct CleanupStep: Sendable, Hashable {
    /// Rows of the part itself; what belongs to them is not counted.
    package let removed: Int
    /// Where to go on; `nil` at the end.
    package let next: Int64?
}

/// How much of a part was removed since the state was made, and when all of it was last gone through.
package struct CleanupRecord: Sendable, Hashable {
    package let part: CleanupPart
    package let removed: Int
    package let finishedAt: Instant?
}

extension StateReader {
    /// In the order of the parts; those that were never looked at are left out.
    package func cleanups() throws(StateError) -> [CleanupRecord] {
        try read("reading what was removed") { db in
            let rows = try db.rows("SELECT * FROM cleanup")
            let records = try rows.compactMap { row -> CleanupRecord? in
                guard let part = CleanupPart(rawValue: try row.get("part")) else { return nil }
                return CleanupRecord(
                    part: part, removed: try row.get("removed"), finishedAt: try row.find("finished_at"))
            }
            let order = CleanupPart.allCases
            return records.sorted { (order.firstIndex(of: $0.part) ?? 0) < (order.firstIndex(of: $1.part) ?? 0) }
        }
    }
}

extension StateStore {
    /// How long the ids of senders are known (DESIGN.md rule 5), whatever is removed.
    package static let keysKept = Duration.seconds(30 * 86_400)

    /// Goes through a few rows of a part, and removes those that are older, or more, than is kept. Rows are looked for
    /// without holding up anybody; the transaction that removes them is small.
    ///
    /// - Parameters:
    ///   - after: `next` of the step before; 0 at the beginning
    ///   - now: by what time something is old
    ///   - certain: the time that it is at least: runs of later instants keep these from running twice; `now` if left out
    package func cleanUp(
        _ part: CleanupPart, _ retention: Retention, after: Int64 = 0, now: Instant, certain: Instant? = nil
    ) throws(StateError) -> CleanupStep {
        let table = CleanupTable(part, certain: certain ?? now)
        let limit = retention.limit(of: part)
        let before = now.advanced(by: .zero - limit.age)
        let looked = try reader.read("looking for what is old") { db in
            try table.look(in: db, after: after, before: before, count: limit.count)
        }
        let next = looked.next
        guard !looked.found.isEmpty || next == nil else { return CleanupStep(removed: 0, next: next) }
        let removed = try write("removing what is old", silently: true) { db in
            let removed =
                looked.found.isEmpty
                ? 0 : try table.remove(looked.found, in: db, before: before, floor: looked.floor, now: now)
            try db.note(part, removed: removed, finishedAt: next == nil ? now : nil)
            return removed
        }
        return CleanupStep(removed: removed, next: next)
    }
}

extension Retention {
    fileprivate func limit(of part: CleanupPart) -> Limit {
        switch part {
        case .runs: runLimit
        case .steps: stepLimit
        case .deliveries: deliveryLimit
        case .events: eventLimit
        case .observations: observationLimit
        // As long as they are promised, whatever is said.
        case .eventKeys: Limit(age: StateStore.keysKept, count: .max)
        }
    }
}

extension Database {
    fileprivate func note(_ part: CleanupPart, removed: Int, finishedAt: Instant?) throws {
        try run(
            """
            INSERT INTO cleanup (part, removed, finished_at) VALUES (:part, :removed, :at)
            ON CONFLICT (part) DO UPDATE SET removed = removed + excluded.removed,
                finished_at = coalesce(excluded.finished_at, finished_at)
            """, ["part": part.rawValue, "removed": removed, "at": finishedAt])
    }
}
