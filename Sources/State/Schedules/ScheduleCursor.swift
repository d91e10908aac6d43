import GRDB
import Values

/// How far the schedule of a trigger has come: every instant up to here has run or has a row that says why not.
package struct ScheduleCursor: Sendable, Hashable {
    package let trigger: String
    package let instant: Instant
    /// Of the schedule's declaration: applying moves the cursor of a changed schedule only (DESIGN.md rule 6).
    package let specDigest: Digest

    package init(trigger: String, instant: Instant, specDigest: Digest) {
        self.trigger = trigger
        self.instant = instant
        self.specDigest = specDigest
    }

    init(row: Row) throws {
        trigger = try row.get("trigger_name")
        instant = try row.get("instant")
        specDigest = try row.get("spec_digest")
    }

    /// - Returns: `nil` where somebody made what is no digest of it: then it counts as none until it is put right
    static func ifReadable(_ row: Row) throws -> ScheduleCursor? { try SchedulePlace(row: row).cursor }
}

extension StateReader {
    /// The cursor of each trigger that has a schedule, by its name.
    package func scheduleCursors() throws(StateError) -> [String: ScheduleCursor] {
        try read("reading the schedules' cursors") { db in
            let cursors = try db.rows("SELECT * FROM schedule_cursor").compactMap(ScheduleCursor.ifReadable)
            return Dictionary(cursors.map { ($0.trigger, $0) }) { _, last in last }
        }
    }

    package func scheduleCursor(of trigger: String) throws(StateError) -> ScheduleCursor? {
        try read("reading a schedule's cursor") { db in try db.scheduleCursor(of: trigger) }
    }
}

extension Database {
    func scheduleCursor(of trigger: String) throws -> ScheduleCursor? {
        try row("SELECT * FROM schedule_cursor WHERE trigger_name = :trigger", ["trigger": trigger])
            .flatMap(ScheduleCursor.ifReadable)
    }

    /// - Parameter upcoming: when it fires next from there; worked out later without it
    func set(_ cursor: ScheduleCursor, _ upcoming: UpcomingInstant?) throws {
        try run(
            """
            INSERT INTO schedule_cursor (trigger_name, instant, spec_digest, next_at, basis)
            VALUES (:trigger, :instant, :digest, :next, :basis)
            ON CONFLICT (trigger_name) DO UPDATE SET instant = excluded.instant, spec_digest = excluded.spec_digest,
                next_at = excluded.next_at, basis = excluded.basis
            """,
            [
                "trigger": cursor.trigger, "instant": cursor.instant, "digest": cursor.specDigest,
                "next": upcoming?.at, "basis": upcoming?.basis,
            ])
    }
}
