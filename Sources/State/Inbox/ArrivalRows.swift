import GRDB
import Values

/// The rows of events and runs that come in. Their statements are prepared once for all arrivals of a transaction, at whose
/// end `countRuns()` is to be called.
struct ArrivalRows {
    private struct Lane: Hashable {
        let name: String
        let priority: Int
    }

    private let db: Database
    private let known: BoundStatement
    private let isRenamed: BoundStatement
    private let knownRenamed: BoundStatement
    /// Of each endpoint whether it was renamed, or has a name that another one had.
    private var renamed: [String: Bool] = [:]
    private let event: BoundStatement
    private let run: BoundStatement
    private let lane: BoundStatement
    private var arrived: [Lane: Int] = [:]
    private var latestRevision: Int?

    init(_ db: Database) throws {
        self.db = db
        known = try BoundStatement(
            db,
            """
            SELECT id, body_digest FROM event WHERE endpoint = ?1 AND dedupe_key = ?2
            UNION ALL SELECT event, body_digest FROM event_key WHERE endpoint = ?1 AND dedupe_key = ?2
            """)
        isRenamed = try BoundStatement(db, "SELECT 1 FROM former_endpoint WHERE endpoint = ?1 OR now = ?1 LIMIT 1")
        knownRenamed = try BoundStatement(db, FormerEndpoints.known)
        event = try BoundStatement(
            db,
            """
            INSERT INTO event (id, endpoint, dedupe_key, name, source, payload, headers, received_at, body_digest,
                decisions, packed, packed_size)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        run = try BoundStatement(
            db,
            """
            INSERT INTO run (id, state, trigger_name, agent, tool, event_id, revision, manifest_digest, scheduled_at,
                priority, max_attempts, not_before, created_at, finished_at, reason, input)
            VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT digest FROM manifest WHERE digest = ?), ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        lane = try BoundStatement(
            db,
            """
            INSERT INTO queue_lane (lane, priority, waiting) VALUES (?, ?, ?)
            ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + excluded.waiting
            """)
    }

    /// Where an event belongs that came in by an endpoint, which may have been renamed meanwhile.
    mutating func place(of endpoint: String) throws -> String {
        try isRenamed(endpoint) ? db.currentEndpoint(endpoint) : endpoint
    }

    /// The event by which the sender's id is known already, and the digest of its body.
    mutating func earlier(endpoint: String, key: String) throws -> (id: String, bodyDigest: String)? {
        let isRenamed = try isRenamed(endpoint)
        let found = try (isRenamed ? knownRenamed : known).texts([.text(endpoint), .text(key)])
        // Whoever had this name keeps what came by it.
        if isRenamed, found == nil { try db.giveUpKey(key, of: endpoint) }
        return try found.map { texts in
            guard let id = texts[0], let digest = texts[1] else {
                throw StateError(.damaged, "an event has no id: restore a backup with `writ restore FILE`")
            }
            return (id, digest)
        }
    }

    private mutating func isRenamed(_ endpoint: String) throws -> Bool {
        if let known = renamed[endpoint] { return known }
        let found = try isRenamed.texts([.text(endpoint)]) != nil
        renamed[endpoint] = found
        return found
    }

    /// - Parameter endpoint: where it belongs; as it says itself if left out
    func insert(_ stored: StoredEvent, as id: String, at endpoint: String? = nil) throws {
        let event = stored.event
        try self.event.run([
            .text(id), .text(endpoint ?? event.endpoint), .text(event.dedupeKey), .text(event.name),
            .text(event.source),
            .bytes(stored.payload), .text(stored.headers), .number(event.receivedAt), .text(event.bodyDigest.text),
            .text(stored.decisions), .blob(stored.packed?.bytes), .integer(stored.packed?.size),
        ])
        if let address = event.answerAddress { try db.insert(address, of: id, now: event.receivedAt) }
    }

    mutating func insert(_ run: NewRun, as id: String, input: String?, event: String?, at now: Instant) throws {
        let isSkipped = run.skipReason != nil
        try self.run.run([
            .text(id), .text((isSkipped ? RunState.skipped : .queued).rawValue), .text(run.trigger),
            .text(run.target.agent), .text(run.target.tool), .text(event), .integer(run.revision),
            .text(run.manifestDigest?.text), .number(run.scheduledAt), .integer(run.priority),
            .integer(run.maxAttempts), .number(run.notBefore), .number(now), .number(isSkipped ? now : nil),
            .text(run.skipReason), .text(input),
        ])
        guard !isSkipped else { return }
        let lane = try lane(of: run)
        if lane != run.target.lane {
            try db.run("UPDATE run SET lane = :lane WHERE id = :id", ["lane": lane, "id": id])
        }
        arrived[Lane(name: lane, priority: run.priority), default: 0] += 1
    }

    /// What began with an earlier revision than the last one may be called otherwise since.
    private mutating func lane(of run: NewRun) throws -> String {
        let latest = try latestRevision ?? db.value("SELECT max(number) FROM revision") ?? run.revision
        latestRevision = latest
        return run.revision < latest ? try run.target.current(at: run.revision, in: db).lane : run.target.lane
    }

    /// Says in the lanes of the queue what has come in.
    mutating func countRuns() throws {
        for (lane, count) in arrived {
            try self.lane.run([.text(lane.name), .integer(lane.priority), .integer(count)])
        }
        arrived = [:]
    }
}
