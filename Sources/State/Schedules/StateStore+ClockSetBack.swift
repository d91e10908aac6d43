import GRDB
import Spec
import Values

extension StateReader {
    /// Of the schedule that has come furthest; `nil` where nothing has a schedule.
    package func furthestPlace() throws(StateError) -> SchedulePlace? {
        try read("reading how far schedules have come") { db in
            try db.row("SELECT * FROM schedule_cursor ORDER BY instant DESC LIMIT 1").map(SchedulePlace.init(row:))
        }
    }
}

extension StateStore {
    /// Puts cursors that are ahead of the clock back to it, some at a time. What was recorded ahead of it keeps its rows:
    /// what ran runs no second time, and what did not is decided anew only as the clock comes to it.
    ///
    /// - Parameters:
    ///   - leap: when the clock leapt ahead from where it is put back to now: what it passed by that is decided anew, too
    ///   - note: added to the reason of what did not run and is still to come
    /// - Returns: how many; 0 when there are no more
    package func followClock(
        to now: Instant, since leap: Instant? = nil, note: String, limit: Int = 500
    ) throws(StateError) -> Int {
        try write("having schedules follow the clock") { db in
            // The furthest last: a start that goes on with the rest sees how far ahead the clock was.
            let rows = try db.rows(
                "SELECT trigger_name FROM schedule_cursor WHERE instant > :now ORDER BY instant LIMIT :limit",
                ["now": now, "limit": limit])
            for row in rows {
                let trigger: String = try row.get("trigger_name")
                let names = try db.condition(ResourceID(kind: .trigger, name: trigger), name: "trigger_name")
                let ahead = "\(names.text) AND state = 'skipped' AND attempt = 0 AND created_at > :now"
                try db.run(
                    """
                    UPDATE run SET reason = reason || '; ' || :note
                    WHERE \(ahead) AND \(Run.scheduledAt) > :now AND instr(reason, :note) = 0
                    """, names.arguments.merging(["now": now, "note": note]) { _, own in own })
                let first: Instant? = try leap.flatMap { leap in
                    try db.value(
                        """
                        SELECT min(coalesce(missed_since, \(Run.scheduledAt))) FROM run
                        WHERE \(ahead) AND coalesce(missed_since, \(Run.scheduledAt)) > :leap
                        """, names.arguments.merging(["now": now, "leap": leap]) { _, own in own })
                }
                try db.run(
                    """
                    UPDATE schedule_cursor SET instant = :instant, next_at = NULL, basis = NULL
                    WHERE trigger_name = :trigger
                    """, ["instant": min(now, first?.advanced(by: .milliseconds(-1)) ?? now), "trigger": trigger])
            }
            return rows.count
        }
    }
}
