import GRDB
import Values

/// How the rows of a part are found and what goes with them. Rows are gone through in the order of their arrival, which
/// is that of their numbers, so that no index is kept for it.
struct CleanupTable {
    private let part: CleanupPart
    private let name: String
    /// The number.
    private let key: String
    /// When a row came; later rows came later.
    private let arrival: String
    /// From when on its age counts. NULL while it goes on.
    private let end: String
    /// Holds for what nothing needs any more.
    private let isFree: String
    /// Rows of one step.
    private let batch: Int

    struct Looked {
        var found: [Int64] = []
        /// The last number that is beyond the count.
        var floor: Int64 = 0
        var next: Int64?
    }

    init(_ part: CleanupPart, certain: Instant) {
        self.part = part
        switch part {
        case .steps:
            (name, key, arrival, end) = ("step", "rowid", "started_at", "coalesce(finished_at, started_at)")
            // That a run had an effect outside must be known as long as it may be retried.
            isFree = """
                EXISTS (SELECT 1 FROM run WHERE run.id = step.run_id AND run.finished_at IS NOT NULL
                    AND (step.repeatable OR run.state = 'succeeded'))
                """
            // Each may have half a MiB.
            batch = 50
        case .deliveries:
            (name, key, arrival, end) = ("delivery", "seq", "created_at", "finished_at")
            isFree = "finished_at IS NOT NULL"
            batch = 200
        case .runs:
            (name, key, arrival, end) = ("run", "seq", "created_at", "finished_at")
            // What ran ahead of the clock, or of one that may be set back, is what keeps that instant from running a second time.
            isFree = """
                finished_at IS NOT NULL AND coalesce(scheduled_at, former_scheduled_at, 0) <= \(certain.milliseconds)
                AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.run_id = run.id AND delivery.finished_at IS NULL)
                AND NOT (seq = (SELECT max(o.seq) FROM run AS o
                        WHERE o.trigger_name = run.trigger_name AND o.state = run.state)
                    AND \(Self.isInForce("Trigger", "run.trigger_name")))
                AND NOT (seq = (SELECT max(o.seq) FROM run AS o WHERE o.agent = run.agent AND o.state = run.state
                        AND o.\(Run.hasLeft))
                    AND \(Self.isInForce("Agent", "run.agent")))
                """
            batch = 100
        case .events:
            (name, key, arrival, end) = ("event", "seq", "received_at", "received_at")
            isFree = "NOT EXISTS (SELECT 1 FROM run WHERE run.event_id = event.id)"
            batch = 100
        case .eventKeys:
            (name, key, arrival, end) = ("event_key", "rowid", "received_at", "received_at")
            isFree = "true"
            batch = 500
        case .observations:
            (name, key, arrival, end) = ("observation", "seq", "first_at", "last_at")
            // The last one is what the next is compared with.
            isFree = "seq < (SELECT max(seq) FROM observation)"
            batch = 200
        }
    }

    /// Holds for a name that a resource in force has or had.
    private static func isInForce(_ kind: String, _ name: String) -> String {
        """
        EXISTS (
            WITH RECURSIVE later (name) AS (
                SELECT \(name) UNION SELECT c.name FROM revision_change AS c JOIN later ON c.former_name = later.name
                WHERE c.kind = '\(kind)')
            SELECT 1 FROM later JOIN resource_version AS v
                ON v.kind = '\(kind)' AND v.name = later.name AND v.to_revision IS NULL)
        """
    }

    private func isOver(_ time: String) -> String { "(\(time) < :before OR \(key) <= :floor)" }

    /// What may be removed of the rows after a number.
    func look(in db: Database, after: Int64, before: Instant, count: Int) throws -> Looked {
        let last: Int64 = try db.value("SELECT max(\(key)) FROM \(name)") ?? 0
        var looked = Looked(floor: last.subtractingReportingOverflow(Int64(count)).partialValue)
        let rows = try db.rows(
            """
            SELECT \(key) AS number, (\(isOver(arrival))) AS came_before, (\(isOver(end)) AND \(isFree)) AS is_removable
            FROM \(name) WHERE \(key) > :after ORDER BY \(key) LIMIT :batch
            """, ["after": after, "before": before, "floor": looked.floor, "batch": batch])
        for row in rows {
            // Whatever came later ended later.
            guard try row.get("came_before") else { return looked }
            if try row.find("is_removable") ?? false { looked.found.append(try row.get("number")) }
        }
        if rows.count == batch { looked.next = try rows.last?.get("number") }
        return looked
    }

    /// Removes those of the rows that still may be. Returns how many.
    func remove(
        _ numbers: [Int64], in db: Database, before: Instant, floor: Int64, now: Instant
    ) throws -> Int {
        let rows = try db.rows(
            """
            SELECT \(key) AS number FROM \(name)
            WHERE \(key) IN (SELECT value FROM json_each(:numbers)) AND \(isOver(end)) AND \(isFree)
            """, ["numbers": Self.list(numbers), "before": before, "floor": floor])
        let free = Self.list(try rows.map { try $0.get("number") })
        switch part {
        case .runs: try db.removeRuns(free)
        case .events:
            try db.keepKeys(ofEvents: free, since: now.advanced(by: .zero - StateStore.keysKept))
            try db.run(
                """
                DELETE FROM answer_address WHERE event_id IN (
                    SELECT id FROM event WHERE seq IN (SELECT value FROM json_each(:numbers)))
                """, ["numbers": free])
        default: break
        }
        return try db.run(
            "DELETE FROM \(name) WHERE \(key) IN (SELECT value FROM json_each(:numbers))", ["numbers": free])
    }

    private static func list(_ numbers: [Int64]) -> JSON { .array(numbers.map { .number(JSONNumber(Int($0))) }) }
}

extension Database {
    /// Removes what belongs to runs, and manifests that nothing else keeps; the runs themselves are left.
    fileprivate func removeRuns(_ numbers: JSON) throws {
        let runs = "(SELECT id FROM run WHERE seq IN (SELECT value FROM json_each(:numbers)))"
        for table in ["delivery", "step", "run_attempt"] {
            try run("DELETE FROM \(table) WHERE run_id IN \(runs)", ["numbers": numbers])
        }
        let digests = try rows(
            """
            SELECT DISTINCT manifest_digest AS digest FROM run AS r
            WHERE seq IN (SELECT value FROM json_each(:numbers)) AND manifest_digest IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM resource_version AS v WHERE v.digest = r.manifest_digest)
            """, ["numbers": numbers])
        guard !digests.isEmpty else { return }
        // Of resources that were purged: the last of their runs takes the manifest with it.
        try run(
            "UPDATE run SET manifest_digest = NULL WHERE seq IN (SELECT value FROM json_each(:numbers))",
            ["numbers": numbers])
        var kept = KeptManifests()
        for row in digests {
            let digest: String = try row.get("digest")
            if try kept.contains(digest, in: self) { continue }
            try run("DELETE FROM manifest WHERE digest = :digest", ["digest": digest])
        }
    }

    /// Remembers the ids of senders whose events go, as long as they may come again.
    fileprivate func keepKeys(ofEvents numbers: JSON, since: Instant) throws {
        try run(
            """
            INSERT INTO event_key (endpoint, dedupe_key, event, received_at, body_digest, place)
                SELECT endpoint, dedupe_key, id, received_at, body_digest, seq FROM event
                WHERE seq IN (SELECT value FROM json_each(:numbers)) AND dedupe_key IS NOT NULL AND received_at >= :since
            ON CONFLICT (endpoint, dedupe_key) DO NOTHING
            """, ["numbers": numbers, "since": since])
    }
}
