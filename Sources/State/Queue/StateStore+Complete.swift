import GRDB
import Values

extension StateStore {
    /// Keeps a run for longer.
    package func renew(_ lease: Lease, until: Instant) throws(StateError) {
        try write("renewing a lease") { db in
            let count = try db.run(
                "UPDATE run SET lease_until = :until WHERE \(Lease.fence)",
                lease.arguments.merging(["until": until]) { _, own in own })
            if count == 0 { throw lease.stale }
        }
    }

    /// Ends a run for good, with its deliveries and the events it causes, in one transaction.
    ///
    /// Throws `staleLease` if the run was taken away meanwhile; nothing is recorded then.
    package func complete(
        _ lease: Lease, _ outcome: RunOutcome, deliveries: [NewDelivery] = [], followUps: [FollowUp] = [],
        at now: Instant
    ) throws(StateError) {
        try write("recording the end of a run") { db in
            try db.end(
                lease, state: outcome.end.rawValue, error: outcome.error, usage: outcome.usage, at: now,
                setting: "output = :output, reason = :reason",
                ["output": StoredText.capped(outcome.output), "reason": StoredText.capped(outcome.reason)])
            for delivery in deliveries { try self.insert(delivery, run: lease.id, at: now, in: db) }
            for followUp in followUps {
                let event = try self.insert(followUp.event, in: db)
                for run in followUp.runs { _ = try self.insert(run, event: event, at: now, in: db) }
            }
        }
    }

    /// Ends an attempt that failed and may be repeated. After the last one the run becomes a dead letter, which is
    /// when `deliveries` and `followUps` count.
    package func retryLater(
        _ lease: Lease, error: String, notBefore: Instant, usage: RunUsage = RunUsage(),
        deliveries: [NewDelivery] = [], followUps: [FollowUp] = [], at now: Instant
    ) throws(StateError) -> RetryOutcome {
        try write("recording a failed attempt") { db in
            let attempts = try db.row(
                "SELECT attempt, max_attempts FROM run WHERE state = 'running' AND \(Lease.fence)", lease.arguments)
            guard let attempts else { throw lease.stale }
            guard try attempts.get("attempt") as Int >= attempts.get("max_attempts") else {
                try db.end(
                    lease, state: "queued", error: error, usage: usage, at: now, setting: "not_before = :notBefore",
                    ["notBefore": notBefore])
                return .queued
            }
            try db.end(lease, state: "discarded", error: error, usage: usage, at: now)
            for delivery in deliveries { try self.insert(delivery, run: lease.id, at: now, in: db) }
            for followUp in followUps {
                let event = try self.insert(followUp.event, in: db)
                for run in followUp.runs { _ = try self.insert(run, event: event, at: now, in: db) }
            }
            return .discarded
        }
    }

    /// Makes a run a dead letter before its attempts are used up, because repeating would not help.
    package func discard(
        _ lease: Lease, error: String, usage: RunUsage = RunUsage(), at now: Instant
    ) throws(StateError) {
        try write("discarding a run") { db in
            try db.end(lease, state: "discarded", error: error, usage: usage, at: now)
        }
    }

    /// Gives a run back as if it had not been taken: the next attempt has the same number (fault E93).
    package func release(_ lease: Lease, notBefore: Instant? = nil) throws(StateError) {
        try write("releasing a run") { db in
            let count = try db.run(
                """
                UPDATE run SET state = 'queued', attempt = attempt - 1, lease_owner = NULL, lease_until = NULL,
                    started_at = NULL, not_before = coalesce(:notBefore, not_before)
                WHERE state = 'running' AND \(Lease.fence)
                """, lease.arguments.merging(["notBefore": notBefore]) { _, own in own })
            if count == 0 { throw lease.stale }
        }
    }

    /// Takes a run out of the queue or away from its worker.
    ///
    /// - Returns: the state it had; it is only changed if that was an active one
    @discardableResult
    package func cancel(run id: String, reason: String, at now: Instant) throws(StateError) -> RunState {
        try write("cancelling a run") { db in
            guard let state: RunState = try db.value("SELECT state FROM run WHERE id = :id", ["id": id]) else {
                throw StateError(.notFound, "there is no run \(id)")
            }
            guard state.isActive else { return state }
            try db.run(
                """
                UPDATE run SET state = 'cancelled', reason = :reason, finished_at = :now, lease_owner = NULL,
                    lease_until = NULL
                WHERE id = :id
                """, ["id": id, "reason": reason, "now": now])
            try db.run(
                """
                UPDATE run_attempt SET finished_at = :now, outcome = 'cancelled'
                WHERE run_id = :id AND finished_at IS NULL
                """, ["id": id, "now": now])
            return state
        }
    }
}

extension Database {
    /// Takes a running run out of its lease, into `state`, and closes its attempt.
    fileprivate func end(
        _ lease: Lease, state: String, error: String?, usage: RunUsage, at now: Instant, setting: String? = nil,
        _ arguments: Arguments = [:]
    ) throws {
        let error = StoredText.capped(error)
        let more = setting.map { ", \($0)" } ?? ""
        let count = try run(
            """
            UPDATE run SET state = :state, error = :error, lease_owner = NULL, lease_until = NULL,
                finished_at = CASE :state WHEN 'queued' THEN NULL ELSE :now END, \(RunUsage.assignments)\(more)
            WHERE state = 'running' AND \(Lease.fence)
            """,
            lease.arguments.merging(usage.arguments) { _, own in own }
                .merging(["state": state, "error": error, "now": now]) { _, own in own }
                .merging(arguments) { _, own in own })
        if count == 0 { throw lease.stale }
        try run(
            """
            UPDATE run_attempt SET finished_at = :now, outcome = :outcome, error = :error
            WHERE run_id = :id AND attempt = :attempt
            """,
            [
                "now": now, "outcome": state == "queued" ? "retried" : state, "error": error, "id": lease.id,
                "attempt": lease.attempt,
            ])
    }
}
