import GRDB
import Values

extension StateStore {
    /// Records what asks for a run, queues it and takes it at once, whatever else is queued: for `writ run` without
    /// `writ serve`.
    package func start(
        _ run: NewRun, event: NewEvent? = nil, owner: String, leaseFor: Duration, now: Instant
    ) throws(StateError) -> ClaimedRun {
        try write("starting a run", isWork: true) { db in
            let event = try event.map { try self.insert($0, in: db) }
            let id = try self.insert(run, event: event, at: now, in: db)
            return try db.claim(id, owner: owner, until: now.advanced(by: leaseFor), now: now)
        }
    }

    /// Takes due runs: higher priorities first. Among those of one priority agents and tools take turns, so that one with
    /// ten thousand runs does not keep another one with a single run waiting; of each, in the order of their times.
    ///
    /// - Parameters:
    ///   - owner: this process; see `Lease.owner`
    ///   - limit: how many at most
    ///   - concurrency: how many runs of an agent or a tool, by the name that it has now, may run at once, those that run
    ///     already counted, also under its former names
    package func claim(
        now: Instant, owner: String, leaseFor: Duration, limit: Int, concurrency: (RunTarget) -> Int
    ) throws(StateError) -> [ClaimedRun] {
        try write("taking runs from the queue", isWork: true) { db in
            var running = try db.runningByTarget()
            var busy = Set(running.filter { concurrency($0.key) <= $0.value }.keys)
            var claimed: [ClaimedRun] = []
            var turns = RunTurns()
            while claimed.count < limit, let next = try db.nextRun(now: now, without: busy, turns) {
                let target = try RunTarget(lane: next.get("lane"))
                if concurrency(target) <= running[target, default: 0] {
                    busy.insert(target)
                    continue
                }
                guard try turns.mayBegin(next, in: db) else { continue }
                try db.endTurn(lane: target.lane, priority: try next.get("priority"))
                claimed.append(
                    try db.claim(try next.get("id"), owner: owner, until: now.advanced(by: leaseFor), now: now))
                running[target, default: 0] += 1
                if concurrency(target) <= running[target, default: 0] { busy.insert(target) }
            }
            return claimed
        }
    }

    /// The new run's id.
    func insert(_ run: NewRun, event: String?, at now: Instant, in db: Database) throws -> String {
        let id = identifiers.next("run")
        var rows = try ArrivalRows(db)
        try rows.insert(StoredRun(run), as: id, event: event, at: now)
        try rows.countRuns()
        return id
    }
}

extension Database {
    fileprivate func runningByTarget() throws -> [RunTarget: Int] {
        var running: [RunTarget: Int] = [:]
        for row in try rows(
            "SELECT \(Run.lane()) AS lane, count(*) AS runs FROM run WHERE state = 'running' AND \(Run.hasLeft) GROUP BY 1"
        ) {
            running[try RunTarget(lane: row.get("lane"))] = try row.get("runs")
        }
        return running
    }

    /// The first run of the first lane that has one that is due. Both are found by indexes: what it costs follows the
    /// number of lanes that are busy or have nothing due, not the number of runs.
    static let nextRun = nextRun()

    /// The same where some runs have to let others end first: it looks at each of those.
    private static let nextInTurn = nextRun(and: "AND NOT \(RunTurns.isHeld("r"))")

    private static func nextRun(and condition: String = "") -> String {
        """
        SELECT id, \(Run.lane()) AS lane, priority, trigger_name, revision, attempt,
            \(Run.scheduledAt) IS NOT NULL AS is_scheduled, \(Run.isRetriedInstant) AS is_retried_instant
        FROM run WHERE seq = (
            SELECT head FROM (
                SELECT l.priority, l.turn, (
                    SELECT r.seq FROM run AS r
                    WHERE r.state = 'queued' AND r.priority = l.priority AND r.not_before <= :now
                        AND \(Run.lane("r")) = l.lane \(condition)
                    ORDER BY r.not_before, r.seq LIMIT 1) AS head
                FROM queue_lane AS l
                WHERE l.waiting > 0 AND l.lane NOT IN (SELECT value FROM json_each(:busy)))
            WHERE head IS NOT NULL ORDER BY priority DESC, turn LIMIT 1)
        """
    }

    fileprivate func nextRun(now: Instant, without busy: Set<RunTarget>, _ turns: RunTurns) throws -> Row? {
        var arguments: Arguments = ["now": now, "busy": JSON.array(busy.map(\.lane).sorted().map(JSON.string))]
        guard !turns.isEmpty else { return try row(Self.nextRun, arguments) }
        arguments["held"] = turns.argument
        return try row(Self.nextInTurn, arguments)
    }

    /// Puts a lane behind all others of its priority.
    fileprivate func endTurn(lane: String, priority: Int) throws {
        try run(
            """
            UPDATE queue_lane SET turn = 1 + max(turn, coalesce((
                SELECT max(other.turn) FROM queue_lane AS other
                WHERE other.waiting > 0 AND other.priority = :priority), 0))
            WHERE lane = :lane AND priority = :priority
            """, ["lane": lane, "priority": priority])
    }

    fileprivate func claim(_ id: String, owner: String, until: Instant, now: Instant) throws -> ClaimedRun {
        let row = try row(
            """
            UPDATE run SET state = 'running', attempt = attempt + 1, lease = lease + 1, lease_owner = :owner,
                lease_until = :until, started_at = :now
            WHERE id = :id AND state = 'queued' RETURNING \(Run.columns), input, lease
            """, ["id": id, "owner": owner, "until": until, "now": now])
        guard let row else { throw StateError(.conflict, "\(id) is not in the queue") }
        let run = try Run(row: row)
        // An attempt that was released goes on under its number: one row each (fault E89).
        try self.run(
            """
            INSERT INTO run_attempt (run_id, attempt, owner, started_at) VALUES (:id, :attempt, :owner, :now)
            ON CONFLICT (run_id, attempt) DO UPDATE SET owner = excluded.owner, started_at = excluded.started_at,
                finished_at = NULL, outcome = NULL, error = NULL
            """, ["id": id, "attempt": run.attempt, "owner": owner, "now": now])
        return ClaimedRun(
            run: run, input: try row.find("input"),
            lease: Lease(id: id, owner: owner, number: try row.get("lease"), attempt: run.attempt))
    }
}
