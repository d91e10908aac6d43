import GRDB
import Spec
import Values

/// What a person may decide about a run.
package enum RunOperation: String, Sendable, Hashable, CaseIterable {
    /// Queue it again, with one attempt more; with three where its process had died.
    case retry
    /// Take it out of the queue, or away from its worker.
    case cancel
    /// Put it aside as a dead letter: nobody has to look at it any more.
    case discard
}

/// A run that a person decided something about.
package struct OperatedRun: Sendable, Hashable {
    package let id: String
    /// The schedule's instant that it stands for.
    package let scheduledAt: Instant?

    package init(_ id: String, scheduledAt: Instant? = nil) {
        self.id = id
        self.scheduledAt = scheduledAt
    }
}

extension StateStore {
    /// Does what a person decided about a run, in one transaction.
    ///
    /// Throws `notFound`, and `conflict` where the run's state does not allow it.
    ///
    /// - Parameters:
    ///   - repeatingEffects: retry a run that had called a tool with effects outside
    ///   - actor: who decided, for the record
    package func perform(
        _ operation: RunOperation, on id: String, repeatingEffects: Bool = false, actor: String, at now: Instant
    ) throws(StateError) {
        try write("changing a run") { db in
            guard let state: RunState = try db.value("SELECT state FROM run WHERE id = :id", ["id": id]) else {
                throw StateError(.notFound, "there is no run \(id)")
            }
            let allowed = operation.states
            guard allowed.contains(state) else {
                let states = RunState.allCases.filter(allowed.contains).map(\.rawValue).joined(separator: ", ")
                throw StateError(
                    .conflict, "the run \(id) is \(state.rawValue): \(operation.rawValue) takes runs that are \(states)"
                )
            }
            // Whatever became of the run since: cancelled or put aside, its call was made all the same.
            if operation == .retry, !repeatingEffects, try state == .unknown || db.hasEffects(id) {
                let what = state == .unknown ? ", and what came of it is not known" : ""
                throw StateError(
                    .conflict,
                    "the run \(id) had called a tool with effects outside\(what): look there first, then retry it with"
                        + " --repeat-effects")
            }
            let reason = StoredText.capped("\(operation.past) by \(actor)", limit: 1_000)
            switch operation {
            case .cancel: try db.cancel(run: id, reason: reason ?? "", at: now)
            case .discard:
                try db.run(
                    """
                    UPDATE run SET state = 'discarded', reason = \(Run.reason("reason")), finished_at = coalesce(finished_at, :now)
                    WHERE id = :id
                    """, ["id": id, "reason": reason, "now": now])
            case .retry:
                try db.checkSingle(id)
                try db.queueAgain(id, actor: actor, at: now)
            }
        }
    }
}

extension Database {
    /// Queues a run that has ended, with one attempt more. What kept one from running stays in its reason, also when it is
    /// over or queued once more: see `Run.reason`. Instants come in their order, as those that are caught up.
    func queueAgain(_ id: String, actor: String, at now: Instant) throws {
        let mark = "skipped before: "
        let skipped: String? = try value(
            """
            SELECT CASE WHEN state = 'skipped' AND attempt = 0 THEN :mark || reason
                WHEN \(Run.isRetriedInstant) AND instr(reason, :mark) > 0 THEN substr(reason, instr(reason, :mark)) END
            FROM run WHERE id = :id
            """, ["id": id, "mark": mark])
        let words = "\(RunOperation.retry.past) by \(actor)" + (skipped.map { "; \($0)" } ?? "")
        let more = try diedWithItsProcess(id) ? StateStore.crashLimit : 1
        try run(
            """
            UPDATE run SET state = 'queued', reason = :reason, finished_at = NULL, output = NULL, error = NULL,
                not_before = CASE WHEN state = 'skipped' AND attempt = 0
                    THEN min(:now, coalesce(\(Run.scheduledAt), :now)) ELSE :now END,
                max_attempts = max(max_attempts, attempt + :more), lane = :lane
            WHERE id = :id
            """,
            [
                "id": id, "reason": StoredText.capped(words, limit: 1_000), "now": now, "more": more,
                "lane": try lane(ofRun: id),
            ])
    }

    /// Whether a call was begun in any attempt that must not be made again.
    fileprivate func hasEffects(_ id: String) throws -> Bool {
        let step: Int? = try value("SELECT 1 FROM step WHERE run_id = :id AND NOT repeatable LIMIT 1", ["id": id])
        return step != nil
    }

    /// Throws for a skipped run that stands for several instants: which of them are to run has to be said.
    fileprivate func checkSingle(_ id: String) throws {
        guard
            let row = try row(
                "SELECT missed FROM run WHERE id = :id AND missed > 1 AND state = 'skipped' AND attempt = 0", ["id": id]
            )
        else { return }
        let count: Int = try row.get("missed")
        throw StateError(
            .conflict,
            "the run \(id) stands for \(count) instants at which nothing ran: say with --instant which of them is to run, or"
                + " --all for each of them")
    }

    /// Whether its last attempt ended because its process did, and the run with it.
    fileprivate func diedWithItsProcess(_ id: String) throws -> Bool {
        let attempt: Int? = try value(
            """
            SELECT 1 FROM run JOIN run_attempt AS a ON a.run_id = run.id AND a.attempt = run.attempt
            WHERE run.id = :id AND a.outcome = 'discarded' AND a.error IN (:last, :crashes)
            """, ["id": id, "last": StateStore.endedLast, "crashes": StateStore.endsItsProcess])
        return attempt != nil
    }
}

extension RunOperation {
    /// In which it is possible.
    fileprivate var states: Set<RunState> {
        switch self {
        case .retry: [.failed, .cancelled, .skipped, .discarded, .unknown]
        case .cancel: [.queued, .running, .awaitingApproval]
        case .discard: [.queued, .awaitingApproval, .failed, .cancelled, .unknown]
        }
    }

    /// `retried`
    package var past: String {
        switch self {
        case .retry: "retried"
        case .cancel: "cancelled"
        case .discard: "discarded"
        }
    }
}
