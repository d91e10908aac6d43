import GRDB
import Spec
import Values

/// How far a schedule has come and what was worked out from that, as it is recorded, whoever wrote it.
package struct SchedulePlace: Sendable, Hashable {
    package let trigger: String
    package let instant: Instant
    /// `nil` where what is recorded is no digest.
    package let specDigest: Digest?
    /// `nil` where it was not worked out yet.
    package let upcoming: UpcomingInstant?

    /// - Parameter row: which may be without what was worked out
    init(row: Row) throws {
        trigger = try row.get("trigger_name")
        instant = try row.get("instant")
        specDigest = Digest.fromDatabaseValue(try row.get("spec_digest") as DatabaseValue)
        upcoming = row.hasColumn("basis") ? try UpcomingInstant(row: row) : nil
    }

    /// `nil` where it cannot be one.
    var cursor: ScheduleCursor? {
        specDigest.map { ScheduleCursor(trigger: trigger, instant: instant, specDigest: $0) }
    }
}

/// All triggers in force and all places of schedules, as they were at one moment.
package struct RecordedSchedules: Sendable {
    package let triggers: [AppliedResource]
    /// In order of their triggers' names.
    package let places: [SchedulePlace]
}

extension StateReader {
    /// Reads every trigger.
    package func recordedSchedules() throws(StateError) -> RecordedSchedules {
        try read("reading how far schedules have come") { db in
            RecordedSchedules(
                triggers: try db.triggersInForce(),
                places: try db.rows("SELECT * FROM schedule_cursor ORDER BY trigger_name").map(SchedulePlace.init(row:))
            )
        }
    }
}
