import GRDB
import Spec
import Values

extension StateStore {
    /// Records a firing: run, skipped instants and cursor in one transaction, so that a crash leaves all or nothing
    /// (fault E102), and no instant runs twice (DESIGN.md rule 6).
    package func fire(_ firing: ScheduleFiring) throws(StateError) -> FiringOutcome {
        let trigger = firing.cursor.trigger
        return try write("firing the schedule of trigger \(trigger)", isWork: true) { db in
            guard try db.scheduleCursor(of: trigger) == firing.cursor, firing.next > firing.cursor.instant else {
                return .superseded
            }
            if firing.run != nil, firing.others == .respected, try !db.activeRuns(of: trigger).isEmpty {
                return .blocked
            }
            for skipped in firing.skipped { try self.insert(skipped, of: trigger, at: firing.at, in: db) }
            try db.set(
                ScheduleCursor(trigger: trigger, instant: firing.next, specDigest: firing.cursor.specDigest),
                firing.upcoming)
            guard var run = firing.run else { return .fired(run: nil) }
            run.trigger = trigger
            let double: Int? = try db.value(
                "SELECT 1 FROM run WHERE trigger_name = :trigger AND scheduled_at = :instant",
                ["trigger": trigger, "instant": run.scheduledAt])
            if double != nil { return .alreadyFired }
            if case .cancelled(let reason) = firing.others {
                for id in try db.activeRuns(of: trigger) { try db.cancel(run: id, reason: reason, at: firing.at) }
            }
            let event = try firing.event.map { try self.insert($0, in: db) }
            return .fired(run: try self.insert(run, event: event, at: firing.at, in: db))
        }
    }

    func insert(
        _ skipped: SkippedInstants, of trigger: String, at now: Instant, in db: Database
    ) throws {
        try db.run(
            """
            INSERT INTO run (id, state, trigger_name, agent, tool, revision, scheduled_at, missed, missed_since,
                priority, max_attempts, not_before, created_at, finished_at, reason)
            VALUES (:id, 'skipped', :trigger, :agent, :tool, :revision, :instant, :count, :since,
                0, 1, :instant, :now, :now, :reason)
            ON CONFLICT (trigger_name, scheduled_at) DO NOTHING
            """,
            [
                "id": identifiers.next("run"), "trigger": trigger, "agent": skipped.target.agent,
                "tool": skipped.target.tool, "revision": skipped.revision, "instant": skipped.instant,
                "count": skipped.count, "since": skipped.since, "now": now, "reason": skipped.reason,
            ])
    }
}

extension Database {
    fileprivate func activeRuns(of trigger: String) throws -> [String] {
        let names = try condition(ResourceID(kind: .trigger, name: trigger), name: "trigger_name")
        return try rows(
            """
            SELECT id FROM run WHERE \(names.text) AND state IN ('queued', 'running', 'awaitingApproval')
            """, names.arguments
        )
        .map { try $0.get("id") }
    }
}
