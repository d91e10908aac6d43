import GRDB
import Values

extension StateStore {
    /// Records a step, or what became of one that was recorded when it began. A tool with side effects is recorded
    /// before it is called, so that a crash meanwhile is seen (fault E96).
    ///
    /// Throws `staleLease` if the run was taken away: there is no point in going on then.
    package func record(_ step: Step, of lease: Lease) throws(StateError) {
        try write("recording a step", isWork: true, isUrgent: true) { db in
            let held: Int? = try db.value(
                "SELECT 1 FROM run WHERE state = 'running' AND \(Lease.fence)", lease.arguments)
            guard held != nil else { throw lease.stale }
            try db.run(
                """
                INSERT INTO step (run_id, lease, number, attempt, kind, name, repeatable, started_at, finished_at,
                    tokens_in, tokens_out, request_digest, request, response, error)
                VALUES (:id, :lease, :number, :attempt, :kind, :name, :repeatable, :startedAt, :finishedAt,
                    :tokensIn, :tokensOut, :requestDigest, :request, :response, :error)
                ON CONFLICT (run_id, lease, number) DO UPDATE SET finished_at = excluded.finished_at,
                    tokens_in = excluded.tokens_in, tokens_out = excluded.tokens_out, request = excluded.request,
                    request_digest = excluded.request_digest, response = excluded.response, error = excluded.error,
                    repeatable = excluded.repeatable
                """,
                step.arguments.merging(["id": lease.id, "lease": lease.number, "attempt": lease.attempt]) {
                    _, own in own
                })
        }
    }
}

extension StateReader {
    /// In the order of attempts and, within one, of numbers.
    package func steps(of run: String) throws(StateError) -> [Step] {
        try read("reading the steps of a run") { db in
            try db.rows("SELECT * FROM step WHERE run_id = :id ORDER BY lease, number LIMIT 10000", ["id": run])
                .map(Step.init(row:))
        }
    }
}
