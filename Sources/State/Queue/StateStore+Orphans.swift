import GRDB
import Values

/// What became of runs whose process died.
package struct RecoveredWork: Sendable, Hashable {
    /// Queued again; the next attempt has the next number.
    package var requeued: [String] = []
    /// That was the last attempt, or the third one that ended so (fault E91).
    package var discarded: [String] = []
    /// A tool with side effects had been called; another attempt would call it again: a person has to look (fault E96).
    package var unknown: [String] = []

    package var isEmpty: Bool { requeued.isEmpty && discarded.isEmpty && unknown.isEmpty }
}

extension StateStore {
    /// Why such a run is not queued again.
    static let lostAfterEffect =
        "it was given up after a tool with side effects had been called: see its steps before it is run again"

    static let endedLast = "its process ended in the last attempt"

    static let endsItsProcess = "its process ended in three of its attempts: it may be what ends it"

    /// Attempts that may end with their process: what ends it again would take everything else with it for ever. Whoever
    /// queues such a run again by hand gives it as many.
    static let crashLimit = 3

    /// Finds the runs of processes that are gone again: whatever another owner has, as only one process writes
    /// (fault E89), and what this one's leases ran out of. To be called after opening and now and then.
    ///
    /// - Parameters:
    ///   - held: what is under way here, whatever the clock says about its leases
    ///   - messages: asked about each run that is over by this
    package func recoverOrphans(
        owner: String, now: Instant, except held: [Lease] = [], messages: EndMessages = { _ in [] }
    ) throws(StateError) -> RecoveredWork {
        try write("recovering the work of an ended process") { db in
            var work = RecoveredWork()
            let runs = try db.rows(
                """
                SELECT id, lease, attempt, max_attempts,
                    (SELECT count(*) FROM run_attempt AS a WHERE a.run_id = run.id AND a.outcome = 'abandoned'
                        AND a.attempt > (SELECT coalesce(max(attempt), 0) FROM run_attempt
                            WHERE run_id = run.id AND outcome = 'discarded')) AS crashes,
                    EXISTS (SELECT 1 FROM step WHERE run_id = run.id AND step.lease = run.lease
                        AND NOT repeatable) AS has_effects
                FROM run WHERE state = 'running' AND \(Run.hasLeft) AND \(Lease.isOrphan) ORDER BY seq
                """, Lease.orphans(of: owner, now, except: held))
            for row in runs {
                let id: String = try row.get("id")
                if try row.get("has_effects") {
                    work.unknown.append(id)
                    try db.abandon(row, "unknown", StateStore.lostAfterEffect, now)
                    try self.insert(messages, about: id, at: now, in: db)
                } else if try row.get("attempt") as Int >= row.get("max_attempts") {
                    work.discarded.append(id)
                    try db.abandon(row, "discarded", Self.endedLast, now)
                    try self.insert(messages, about: id, at: now, in: db)
                } else if try row.get("crashes") as Int + 1 >= Self.crashLimit {
                    work.discarded.append(id)
                    try db.abandon(row, "discarded", Self.endsItsProcess, now)
                    try self.insert(messages, about: id, at: now, in: db)
                } else {
                    work.requeued.append(id)
                    try db.abandon(row, "queued", "its process ended in attempt \(try row.get("attempt") as Int)", now)
                }
            }
            return work
        }
    }

    /// The same for deliveries: they are sent again under their ids.
    package func recoverDeliveries(
        owner: String, now: Instant, except held: [Lease] = []
    ) throws(StateError) -> [String] {
        try write("recovering the sendings of an ended process") { db in
            try db.rows(
                """
                UPDATE delivery SET state = iif(attempt >= max_attempts, 'discarded', 'queued'),
                    finished_at = iif(attempt >= max_attempts, :now, NULL), not_before = :now,
                    last_error = 'its process ended while sending', lease_owner = NULL, lease_until = NULL
                WHERE state = 'sending' AND \(Lease.isOrphan) RETURNING id
                """, Lease.orphans(of: owner, now, except: held)
            )
            .map { try $0.get("id") }
        }
    }
}

extension Lease {
    fileprivate static let isOrphan = """
        (lease_owner <> :owner
            OR (lease_until < :now AND id || '/' || lease NOT IN (SELECT value FROM json_each(:held))))
        """

    fileprivate static func orphans(of owner: String, _ now: Instant, except held: [Lease]) -> Arguments {
        ["owner": owner, "now": now, "held": JSON.array(held.map { .string("\($0.id)/\($0.number)") })]
    }
}

extension Database {
    fileprivate func abandon(_ row: Row, _ state: String, _ reason: String, _ now: Instant) throws {
        let arguments: Arguments = [
            "id": try row.get("id") as String, "attempt": try row.get("attempt") as Int, "state": state,
            "reason": reason, "now": now,
        ]
        try run(
            """
            UPDATE run SET state = :state, reason = \(Run.reason("reason")), lease_owner = NULL, lease_until = NULL,
                not_before = CASE :state WHEN 'queued' THEN :now ELSE not_before END,
                finished_at = CASE :state WHEN 'queued' THEN NULL ELSE :now END
            WHERE id = :id AND :attempt = attempt
            """, arguments)
        try run(
            """
            UPDATE run_attempt SET finished_at = :now, error = :reason,
                outcome = CASE :state WHEN 'queued' THEN 'abandoned' ELSE :state END
            WHERE run_id = :id AND attempt = :attempt
            """, arguments)
    }
}
