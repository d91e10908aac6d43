import GRDB
import Spec
import Values

extension StateStore {
    /// Attempts after which a run that is asked to come later again and again is given up like any other.
    static let snoozeLimit = 50

    /// Keeps a run for longer.
    package func renew(_ lease: Lease, until: Instant) throws(StateError) {
        try write("renewing a lease", isWork: true, isUrgent: true) { db in
            let count = try db.run(
                "UPDATE run SET lease_until = :until WHERE \(Lease.fence)",
                lease.arguments.merging(["until": until]) { _, own in own })
            if count == 0 { throw lease.stale }
        }
    }

    /// Ends a run for good, with the messages about it, in one transaction.
    ///
    /// Throws `staleLease` if the run was taken away meanwhile; nothing is recorded then.
    package func complete(
        _ lease: Lease, _ outcome: RunOutcome, at now: Instant, messages: EndMessages = { _ in [] }
    ) throws(StateError) {
        try write("recording the end of a run", isWork: true, isUrgent: true) { db in
            try db.end(
                lease, state: outcome.end.rawValue, error: outcome.error, usage: outcome.usage, at: now,
                setting: "output = :output, reason = \(Run.reason("reason"))",
                ["output": StoredText.capped(outcome.output), "reason": StoredText.capped(outcome.reason)])
            try self.insert(messages, about: lease.id, at: now, in: db)
        }
    }

    /// Ends an attempt that failed and may be repeated. After the last one the run becomes a dead letter; after a call
    /// whose effects must not be repeated it is unknown (fault E96).
    ///
    /// - Parameters:
    ///   - isSnooze: whether it failed only because somebody asked to come again later: that uses up no attempt, as
    ///     long as there are not too many of them
    ///   - messages: asked about the run when it is over by this
    package func retryLater(
        _ lease: Lease, error: String, notBefore: Instant, isSnooze: Bool = false, usage: RunUsage = RunUsage(),
        at now: Instant, messages: EndMessages = { _ in [] }
    ) throws(StateError) -> RetryOutcome {
        try write("recording a failed attempt", isWork: true, isUrgent: true) { db in
            let attempts = try db.row(
                "SELECT attempt, max_attempts FROM run WHERE state = 'running' AND \(Lease.fence)", lease.arguments)
            guard let attempts else { throw lease.stale }
            let outcome: RetryOutcome
            let attempt: Int = try attempts.get("attempt")
            let isSnoozed = isSnooze && attempt < Self.snoozeLimit
            if try db.hasEffects(lease) {
                try db.endUnknown(lease, error: error, usage: usage, at: now)
                outcome = .unknown
            } else if !isSnoozed, try attempt >= attempts.get("max_attempts") {
                try db.end(lease, state: "discarded", error: error, usage: usage, at: now)
                outcome = .discarded
            } else {
                try db.end(
                    lease, state: "queued", error: error, usage: usage, at: now,
                    setting: "not_before = :notBefore, max_attempts = max_attempts + :more",
                    ["notBefore": notBefore, "more": isSnoozed ? 1 : 0], as: isSnoozed ? "snoozed" : "retried")
                return isSnoozed ? .snoozed : .queued
            }
            try self.insert(messages, about: lease.id, at: now, in: db)
            return outcome
        }
    }

    /// Gives a run back as if it had not been taken: the next attempt has the same number (fault E93). After a call
    /// whose effects must not be repeated it is unknown instead (fault E96): looked at in the same transaction, as such
    /// a step can only be recorded while the lease lasts.
    ///
    /// - Parameter messages: asked about the run when it is over by this
    @discardableResult
    package func release(
        _ lease: Lease, at now: Instant, messages: EndMessages = { _ in [] }
    ) throws(StateError) -> ReleaseOutcome {
        try write("releasing a run", isWork: true, isUrgent: true) { db in
            if try db.hasEffects(lease) {
                try db.endUnknown(lease, error: nil, usage: RunUsage(), at: now)
                try self.insert(messages, about: lease.id, at: now, in: db)
                return .unknown
            }
            let count = try db.run(
                """
                UPDATE run SET state = 'queued', attempt = attempt - 1, lease_owner = NULL, lease_until = NULL,
                    started_at = NULL
                WHERE state = 'running' AND \(Lease.fence)
                """, lease.arguments)
            if count == 0 { throw lease.stale }
            return .queued
        }
    }

    /// Takes a run out of the queue or away from its worker.
    ///
    /// - Returns: the state it had; it is only changed if that was an active one
    @discardableResult
    package func cancel(run id: String, reason: String, at now: Instant) throws(StateError) -> RunState {
        try write("cancelling a run", isWork: true, isUrgent: true) { db in
            guard let state: RunState = try db.value("SELECT state FROM run WHERE id = :id", ["id": id]) else {
                throw StateError(.notFound, "there is no run \(id)")
            }
            if state.isActive { try db.cancel(run: id, reason: reason, at: now) }
            return state
        }
    }

    /// Queues what `messages` says about a run that is over.
    func insert(_ messages: EndMessages, about run: String, at now: Instant, in db: Database) throws {
        guard let row = try db.row("SELECT \(Run.columns) FROM run WHERE id = :id", ["id": run]) else { return }
        let ended = try Run(row: row)
        for var delivery in try messages(ended) {
            // Of the run's own revision; it goes to what that channel is called now.
            delivery.channel = try db.currentName(of: Channel.id(delivery.channel), at: ended.revision)
            try insert(delivery, run: run, at: now, in: db)
        }
    }
}

extension Database {
    /// Takes an active run out of the queue or away from its worker.
    func cancel(run id: String, reason: String, at now: Instant) throws {
        try run(
            """
            UPDATE run SET state = 'cancelled', reason = \(Run.reason("reason")), finished_at = :now,
                lease_owner = NULL, lease_until = NULL
            WHERE id = :id
            """, ["id": id, "reason": reason, "now": now])
        try run(
            """
            UPDATE run_attempt SET finished_at = :now, outcome = 'cancelled'
            WHERE run_id = :id AND finished_at IS NULL
            """, ["id": id, "now": now])
    }

    /// Whether a call was begun under this lease that must not be made again.
    fileprivate func hasEffects(_ lease: Lease) throws -> Bool {
        let step: Int? = try value(
            "SELECT 1 FROM step WHERE run_id = :id AND lease = :lease AND NOT repeatable LIMIT 1",
            ["id": lease.id, "lease": lease.number])
        return step != nil
    }

    fileprivate func endUnknown(_ lease: Lease, error: String?, usage: RunUsage, at now: Instant) throws {
        try end(
            lease, state: "unknown", error: error, usage: usage, at: now, setting: "reason = \(Run.reason("reason"))",
            ["reason": StateStore.lostAfterEffect])
    }

    /// Takes a running run out of its lease, into `state`, and closes its attempt.
    fileprivate func end(
        _ lease: Lease, state: String, error: String?, usage: RunUsage, at now: Instant, setting: String? = nil,
        _ arguments: Arguments = [:], as outcome: String? = nil
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
                "now": now, "outcome": outcome ?? state, "error": error, "id": lease.id,
                "attempt": lease.attempt,
            ])
    }
}
