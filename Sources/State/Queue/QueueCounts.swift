import GRDB
import Values

/// How full the queues are, for metrics and health.
package struct QueueCounts: Sendable, Hashable {
    /// States without runs are left out.
    package let runs: [RunState: Int]
    package let deliveries: [DeliveryState: Int]
    /// Since when the longest waiting run could have been taken.
    package let oldestDueAt: Instant?
}

extension StateReader {
    package func queueCounts() throws(StateError) -> QueueCounts {
        try read("counting the queues") { db in
            var runs: [RunState: Int] = [:]
            for row in try db.rows(
                "SELECT state, count(*) AS count FROM run WHERE \(Run.hasLeft) GROUP BY state")
            {
                runs[try row.get("state")] = try row.get("count")
            }
            let queued: Int = try db.value("SELECT sum(waiting) FROM queue_lane") ?? 0
            if queued > 0 { runs[.queued] = queued }
            var deliveries: [DeliveryState: Int] = [:]
            for row in try db.rows("SELECT state, count(*) AS count FROM delivery GROUP BY state") {
                deliveries[try row.get("state")] = try row.get("count")
            }
            return QueueCounts(
                runs: runs, deliveries: deliveries,
                oldestDueAt: try db.value("SELECT min(not_before) FROM \(Run.queue)"))
        }
    }

    /// When the next run or delivery that is not due at `now` becomes so: until then only `changes()` matter.
    package func nextWakeUp(after now: Instant) throws(StateError) -> Instant? {
        try read("looking for the next due work") { db in
            try db.value(
                """
                SELECT min(at) FROM (
                    SELECT min(not_before) AS at FROM run
                    WHERE state = 'queued' AND (attempt > 0 OR not_before > created_at) AND not_before > :now
                    -- Whoever recorded one may have looked at the clock just before it was put right.
                    UNION ALL SELECT min(not_before) FROM (SELECT state, not_before FROM run ORDER BY seq DESC LIMIT 100)
                        WHERE state = 'queued' AND not_before > :now
                    UNION ALL SELECT min(not_before) FROM delivery WHERE state = 'queued' AND not_before > :now)
                """, ["now": now])
        }
    }
}
