import GRDB
import Values

/// What waits in the queue and in the outbox for a time that the clock will not show for long.
package struct StrandedWork: Sendable, Hashable {
    package let runs: Int
    package let deliveries: Int

    package var count: Int { runs + deliveries }
}

/// The two queues, and how far ahead something in them can be due.
package struct WorkTable: Sendable {
    fileprivate let name: String
    fileprivate let busy: String
    /// Whether it was worked on by a clock that was ahead.
    fileprivate let wasWorkedOnLater: String
    /// The longest wait that anything can have been given.
    package let longest: Duration

    package static func runs(longest: Duration) -> WorkTable {
        WorkTable(
            name: "run", busy: "running",
            wasWorkedOnLater: """
                (created_at > :late OR EXISTS (SELECT 1 FROM run_attempt WHERE run_id = run.id AND finished_at > :late))
                """, longest: longest)
    }

    package static func deliveries(longest: Duration) -> WorkTable {
        WorkTable(name: "delivery", busy: "sending", wasWorkedOnLater: "created_at > :late", longest: longest)
    }

    /// Rows that are recorded at the same moment by others are not ahead of the clock.
    private static let slack = Duration.seconds(60)

    /// Holds for what is due at a time that can only come from a clock that was ahead.
    ///
    /// - Parameter isStart: nothing was made to follow the clock yet: what that clock worked on is looked at, too. Later,
    ///   it may rightly wait.
    fileprivate func isStranded(_ isStart: Bool) -> String {
        let worked = isStart ? " OR \(wasWorkedOnLater)" : ""
        return "(state = 'queued' AND not_before > :now AND (not_before > :limit\(worked)))"
    }

    fileprivate func arguments(_ now: Instant, _ isStart: Bool) -> Arguments {
        var arguments: Arguments = ["now": now, "limit": now.advanced(by: longest)]
        if isStart { arguments["late"] = now.advanced(by: Self.slack) }
        return arguments
    }
}

extension StateReader {
    /// - Parameter isServed: somebody looks after it already
    package func strandedWork(
        _ runs: WorkTable, _ deliveries: WorkTable, isServed: Bool, now: Instant
    ) throws(StateError) -> StrandedWork {
        try read("looking for work that is due too far ahead") { db in
            func count(_ table: WorkTable) throws -> Int {
                try db.value(
                    "SELECT count(*) FROM \(table.name) WHERE \(table.isStranded(!isServed))",
                    table.arguments(now, !isServed)) ?? 0
            }
            return StrandedWork(runs: try count(runs), deliveries: try count(deliveries))
        }
    }
}

extension StateStore {
    /// Makes due what is due at a time that can only come from a clock that was ahead. Writes nothing where there is none.
    ///
    /// - Parameter isStart: whether this process has not done so yet
    /// - Returns: how many
    package func unstrand(_ table: WorkTable, isStart: Bool, now: Instant) throws(StateError) -> Int {
        let (condition, arguments) = (table.isStranded(isStart), table.arguments(now, isStart))
        let found: Int? = try reader.read("looking for work that is due too far ahead") { db in
            try db.value("SELECT 1 FROM \(table.name) WHERE \(condition) LIMIT 1", arguments)
        }
        guard found != nil else { return 0 }
        return try write("making work due by the clock", isWork: true) { db in
            try db.run("UPDATE \(table.name) SET not_before = :now WHERE \(condition)", arguments)
        }
    }

    /// Has everything wait for as long as it had to before the clock was set back, and no lease last longer than one.
    ///
    /// - Parameters:
    ///   - back: by how much it was
    ///   - lease: how long one lasts
    /// - Returns: how many wait
    package func followClock(
        _ table: WorkTable, back: Duration, lease: Duration, now: Instant
    ) throws(StateError) -> Int {
        try write("having work follow the clock", isWork: true) { db in
            let until = now.advanced(by: lease)
            try db.run(
                "UPDATE \(table.name) SET lease_until = :until WHERE state = '\(table.busy)' AND \(Run.hasLeft) AND lease_until > :until",
                ["until": until])
            return try db.run(
                """
                UPDATE \(table.name)
                SET not_before = iif(not_before - :back > :limit, :now, max(:now, not_before - :back))
                WHERE state = 'queued' AND not_before > :now
                """, ["now": now, "back": back.milliseconds, "limit": now.advanced(by: table.longest)])
        }
    }
}
