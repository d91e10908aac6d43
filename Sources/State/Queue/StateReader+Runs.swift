import GRDB
import Spec
import Values

/// One attempt of a run.
package struct RunAttempt: Sendable, Hashable {
    package let attempt: Int
    package let owner: String
    package let startedAt: Instant
    package let finishedAt: Instant?
    /// A run state, `retried`, `snoozed`, or `abandoned` if its process ended.
    package let outcome: String?
    package let error: String?

    init(row: Row) throws {
        attempt = try row.get("attempt")
        owner = try row.get("owner")
        startedAt = try row.get("started_at")
        finishedAt = try row.find("finished_at")
        outcome = try row.find("outcome")
        error = try row.find("error")
    }
}

extension StateReader {
    package func run(_ id: String) throws(StateError) -> Run? {
        try read("reading a run") { db in
            try db.row("SELECT \(Run.columns) FROM run WHERE id = :id", ["id": id]).map(Run.init(row:))
        }
    }

    /// Whether a run still is the worker's that has this lease.
    package func holds(_ lease: Lease) throws(StateError) -> Bool {
        try read("looking at a lease") { db in
            let held: Int? = try db.value(
                "SELECT 1 FROM run WHERE state = 'running' AND \(Lease.fence)", lease.arguments)
            return held != nil
        }
    }

    /// The rendered input of a run, if it was given one.
    package func input(of run: String) throws(StateError) -> JSON? {
        try read("reading the input of a run") { db in
            try db.value("SELECT input FROM run WHERE id = :id", ["id": run])
        }
    }

    /// Newest first; of long outputs and errors their beginnings.
    ///
    /// Names of agents, tools and triggers find the runs under their former names too.
    package func runs(_ page: Page = Page(), _ filter: RunFilter = RunFilter()) throws(StateError) -> PageOf<Run> {
        try read("reading the runs") { db in
            let conditions = try filter.conditions(in: db)
            return try db.page(
                page, of: Run.listColumns, from: "run", where: conditions.texts, conditions.arguments,
                item: Run.init(row:))
        }
    }

    /// The runs of a trigger that are queued, run or wait, oldest first: what `concurrencyPolicy` looks at.
    package func activeRuns(trigger: String) throws(StateError) -> [Run] {
        try read("reading the active runs of trigger \(trigger)") { db in
            let names = try db.condition(ResourceID(kind: .trigger, name: trigger), name: "trigger_name")
            return try db.rows(
                """
                SELECT \(Run.listColumns) FROM run
                WHERE \(names.text) AND state IN ('queued', 'running', 'awaitingApproval')
                ORDER BY seq LIMIT 1000
                """, names.arguments
            )
            .map(Run.init(row:))
        }
    }

    /// Oldest first.
    package func attempts(of run: String) throws(StateError) -> [RunAttempt] {
        try read("reading the attempts of a run") { db in
            try db.rows("SELECT * FROM run_attempt WHERE run_id = :id ORDER BY attempt", ["id": run])
                .map(RunAttempt.init(row:))
        }
    }
}
