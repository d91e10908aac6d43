import GRDB
import Spec
import Values

extension StateStore {
    /// Records a firing: run, skipped instants and cursor in one transaction, so that a crash leaves all or nothing
    /// (fault E102), and no instant runs twice (DESIGN.md rule 6).
    package func fire(_ firing: ScheduleFiring) throws(StateError) -> FiringOutcome {
        let trigger = firing.cursor.trigger
        return try write("firing the schedule of trigger \(trigger)", isWork: true) { db in
            guard try db.scheduleCursor(of: trigger) == firing.cursor, firing.next > firing.cursor.instant,
                try db.hasName(trigger, of: firing)
            else {
                return .superseded
            }
            // Somebody retried instants of such a row meanwhile.
            if try firing.retaken.contains(where: { try !db.isSkipped($0.run, for: $0.instants) }) {
                return .superseded
            }
            if firing.run != nil, firing.others == .respected, try !db.activeRuns(of: trigger).isEmpty {
                return .blocked
            }
            for retaken in firing.retaken { try self.give(back: retaken, in: db) }
            for skipped in firing.skipped { try self.insert(skipped, of: trigger, at: firing.at, in: db) }
            try db.set(
                ScheduleCursor(trigger: trigger, instant: firing.next, specDigest: firing.cursor.specDigest),
                firing.upcoming)
            guard var run = firing.run else { return .fired(run: nil) }
            run.trigger = trigger
            if let instant = run.scheduledAt {
                if try db.isRecorded(instant, of: trigger) { return .alreadyFired }
                try db.giveUp(instant, of: trigger)
            }
            if case .cancelled(let reason) = firing.others {
                // What somebody retries of what was missed is not what comes due again: it has its turn before this run.
                for id in try db.activeRuns(of: trigger, and: "NOT \(Run.isRetriedInstant)") {
                    try db.cancel(run: id, reason: reason, at: firing.at)
                }
            }
            let event = try firing.event.map { try self.insert($0, in: db) }
            return .fired(run: try self.insert(run, event: event, at: firing.at, in: db))
        }
    }

    func insert(
        _ skipped: SkippedInstants, of trigger: String, at now: Instant, in db: Database
    ) throws {
        if try db.isRecorded(skipped.instant, of: trigger) { return }
        try db.giveUp(skipped.instant, of: trigger)
        try db.run(
            """
            INSERT INTO run (id, state, trigger_name, agent, tool, revision, scheduled_at, missed, missed_since,
                priority, max_attempts, not_before, created_at, finished_at, reason)
            VALUES (:id, 'skipped', :trigger, :agent, :tool, :revision, :instant, :count, :since,
                0, 1, :instant, :now, :now, :reason)
            """,
            [
                "id": identifiers.next("run"), "trigger": trigger, "agent": skipped.target.agent,
                "tool": skipped.target.tool, "revision": skipped.revision, "instant": skipped.instant,
                "count": skipped.count, "since": skipped.since, "now": now, "reason": skipped.reason,
            ])
    }
}

extension StateStore {
    /// Leaves of a row what is not decided anew.
    private func give(back retaken: RetakenSkip, in db: Database) throws {
        let kept = [retaken.before, retaken.after].compactMap(\.self)
        if kept.isEmpty {
            try db.run("DELETE FROM run WHERE id = :id", ["id": retaken.run])
        } else {
            _ = try part(retaken.run, into: kept, in: db)
        }
    }

    /// Makes several rows of one that stands for instants that did not run: the first part keeps its id. Returns the ids.
    func part(_ id: String, into parts: [InstantSpan], in db: Database) throws -> [String] {
        let trigger: String? = try db.value("SELECT trigger_name FROM run WHERE id = :id", ["id": id])
        return try parts.enumerated().map { place, part in
            if let trigger { try db.giveUp(part.last, of: trigger, besides: id) }
            let new = place == 0 ? id : identifiers.next("run")
            var values: Arguments = ["id": id, "last": part.last, "count": part.count, "first": part.first]
            if place == 0 {
                try db.run(
                    """
                    UPDATE run SET scheduled_at = :last, former_scheduled_at = NULL, missed = :count, missed_since = :first
                    WHERE id = :id
                    """, values)
            } else {
                values["new"] = new
                try db.run(
                    """
                    INSERT INTO run (id, state, trigger_name, agent, tool, revision, scheduled_at, missed, missed_since,
                        priority, max_attempts, not_before, created_at, finished_at, reason)
                    SELECT :new, state, trigger_name, agent, tool, revision, :last, :count, :first,
                        priority, max_attempts, :last, created_at, finished_at, reason FROM run WHERE id = :id
                    """, values)
            }
            return new
        }
    }
}

extension Database {
    /// Whether an instant has a row of this trigger, under whatever name.
    fileprivate func isRecorded(_ instant: Instant, of trigger: String) throws -> Bool {
        let names = try condition(ResourceID(kind: .trigger, name: trigger), name: "trigger_name")
        let found: Int? = try value(
            """
            SELECT 1 FROM run WHERE \(names.text) AND scheduled_at = :instant
            UNION ALL SELECT 1 FROM run WHERE \(names.text) AND former_scheduled_at = :instant LIMIT 1
            """, names.arguments.merging(["instant": instant]) { _, own in own })
        return found != nil
    }

    /// Another trigger that had this name, or has it now, may have a row for the same instant.
    fileprivate func giveUp(_ instant: Instant, of name: String, besides id: String? = nil) throws {
        try run(
            """
            UPDATE run SET former_scheduled_at = scheduled_at, scheduled_at = NULL
            WHERE trigger_name = :name AND scheduled_at = :instant AND id IS NOT :id
            """, ["name": name, "instant": instant, "id": id])
    }

    /// Whether what was decided by a revision is about who has the name now.
    fileprivate func hasName(_ trigger: String, of firing: ScheduleFiring) throws -> Bool {
        guard let revision = firing.run?.revision ?? firing.skipped.first?.revision else { return true }
        return try currentName(of: ResourceID(kind: .trigger, name: trigger), at: revision) == trigger
    }

    fileprivate func activeRuns(of trigger: String, and more: String = "true") throws -> [String] {
        let names = try condition(ResourceID(kind: .trigger, name: trigger), name: "trigger_name")
        return try rows(
            """
            SELECT id FROM run
            WHERE \(names.text) AND state IN ('queued', 'running', 'awaitingApproval') AND \(more)
            """, names.arguments
        )
        .map { try $0.get("id") }
    }
}
