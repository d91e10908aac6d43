import GRDB
import Spec
import Values

extension StateReader {
    /// The cursor that has come furthest; `nil` where nothing has a schedule.
    package func furthestCursor() throws(StateError) -> ScheduleCursor? {
        try read("reading how far schedules have come") { db in
            try db.row("SELECT * FROM schedule_cursor ORDER BY instant DESC LIMIT 1").map(ScheduleCursor.init(row:))
        }
    }

    /// Which of some instants after a trigger's cursor have a row: those that ran while the clock was ahead.
    package func recordedInstants(
        of trigger: String, after cursor: Instant, among instants: [Instant]
    ) throws(StateError) -> Set<Instant> {
        try read("reading which instants of trigger \(trigger) are decided") { db in
            let names = try db.condition(ResourceID(kind: .trigger, name: trigger), name: "trigger_name")
            let any: Int? = try db.value(
                "SELECT 1 FROM run WHERE \(names.text) AND scheduled_at > :cursor LIMIT 1",
                names.arguments.merging(["cursor": cursor]) { _, own in own })
            guard any != nil else { return [] }
            let wanted = JSON.array(instants.map { .number(JSONNumber(Int($0.milliseconds))) })
            let rows = try db.rows(
                """
                SELECT scheduled_at FROM run
                WHERE \(names.text) AND scheduled_at IN (SELECT value FROM json_each(:instants))
                """, names.arguments.merging(["instants": wanted]) { _, own in own })
            return Set(try rows.map { try $0.get("scheduled_at") })
        }
    }
}

extension StateStore {
    /// Puts cursors that are ahead of the clock back to it, some at a time. What ran ahead of it keeps its rows, and so
    /// runs no second time; what was skipped there was not missed, as it is still to come.
    ///
    /// - Returns: how many; 0 when there are no more
    package func followClock(to now: Instant, limit: Int = 500) throws(StateError) -> Int {
        try write("having schedules follow the clock") { db in
            // The furthest last: a start that goes on with the rest sees how far ahead the clock was.
            let rows = try db.rows(
                "SELECT trigger_name FROM schedule_cursor WHERE instant > :now ORDER BY instant LIMIT :limit",
                ["now": now, "limit": limit])
            for row in rows {
                let trigger: String = try row.get("trigger_name")
                let names = try db.condition(ResourceID(kind: .trigger, name: trigger), name: "trigger_name")
                let skipped = try db.rows(
                    """
                    DELETE FROM run
                    WHERE \(names.text) AND scheduled_at > :now AND state = 'skipped' AND attempt = 0
                    RETURNING coalesce(missed_since, scheduled_at) AS since
                    """, names.arguments.merging(["now": now]) { _, own in own })
                // Of a row that begins before the clock, all is decided again.
                let first = try skipped.map { try $0.get("since") as Instant }.min()
                let instant = min(now, first?.advanced(by: .milliseconds(-1)) ?? now)
                try db.run(
                    """
                    UPDATE schedule_cursor SET instant = :instant, next_at = NULL, basis = NULL
                    WHERE trigger_name = :trigger
                    """, ["instant": instant, "trigger": trigger])
            }
            return rows.count
        }
    }
}
