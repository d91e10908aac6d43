import GRDB
import Values

/// The rows of events and runs that come in. Their statements are prepared once for all arrivals of a transaction, at whose
/// end `countRuns()` is to be called.
struct ArrivalRows {
    private struct Lane: Hashable {
        let name: String
        let priority: Int
    }

    /// Whether there is a row for a text, looked for once.
    private struct Known {
        private let statement: BoundStatement
        private var found: [String: Bool] = [:]

        init(_ db: Database, _ sql: String) throws { statement = try BoundStatement(db, sql) }

        mutating func has(_ text: String) throws -> Bool {
            if let found = found[text] { return found }
            var values = RowValues()
            values.add(text)
            let isThere = try statement.texts(values) != nil
            found[text] = isThere
            return isThere
        }
    }

    private let db: Database
    private let known: BoundStatement
    private let knownRenamed: BoundStatement
    /// Endpoints that were renamed, or have a name that another one had.
    private var renamed: Known
    private let event: BoundStatement
    private let run: BoundStatement
    /// Manifests that are kept.
    private var manifests: Known
    private let lane: BoundStatement
    private let allWaiting: BoundStatement
    private let waitingInLane: BoundStatement
    private let lastRevision: BoundStatement
    private let lastEvent: BoundStatement
    private var values = RowValues()
    private var arrived: [Lane: Int] = [:]
    private var latestRevision: Int?
    /// The number of the last event.
    private var number: Int?

    init(_ db: Database) throws {
        self.db = db
        known = try BoundStatement(
            db,
            """
            SELECT id, body_digest FROM event WHERE endpoint = ?1 AND dedupe_key = ?2
            UNION ALL SELECT event, body_digest FROM event_key WHERE endpoint = ?1 AND dedupe_key = ?2
            """)
        renamed = try Known(db, "SELECT 1 FROM former_endpoint WHERE endpoint = ?1 OR now = ?1 LIMIT 1")
        knownRenamed = try BoundStatement(db, FormerEndpoints.known)
        event = try BoundStatement(
            db,
            """
            INSERT INTO event (seq, id, endpoint, dedupe_key, name, source, payload, headers, received_at, body_digest,
                decisions, packed, packed_size)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        run = try BoundStatement(
            db,
            """
            INSERT INTO run (id, state, trigger_name, agent, tool, event_id, revision, manifest_digest, scheduled_at,
                priority, max_attempts, not_before, created_at, finished_at, reason, input)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        manifests = try Known(db, "SELECT 1 FROM manifest WHERE digest = ?")
        lane = try BoundStatement(
            db,
            """
            INSERT INTO queue_lane (lane, priority, waiting) VALUES (?, ?, ?)
            ON CONFLICT (lane, priority) DO UPDATE SET waiting = waiting + excluded.waiting
            """)
        allWaiting = try BoundStatement(db, "SELECT sum(waiting) FROM queue_lane WHERE waiting > 0")
        waitingInLane = try BoundStatement(db, "SELECT sum(waiting) FROM queue_lane WHERE lane = ?")
        lastRevision = try BoundStatement(db, "SELECT max(number) FROM revision")
        lastEvent = try BoundStatement(db, Event.lastNumber)
    }

    /// Where an event belongs that came in by an endpoint, which may have been renamed meanwhile.
    mutating func place(of endpoint: String) throws -> String {
        try renamed.has(endpoint) ? db.currentEndpoint(endpoint) : endpoint
    }

    /// The event by which the sender's id is known already, and the digest of its body.
    mutating func earlier(endpoint: String, key: String) throws -> (id: String, bodyDigest: String)? {
        let isRenamed = try renamed.has(endpoint)
        values.removeAll()
        values.add(endpoint)
        values.add(key)
        let found = try (isRenamed ? knownRenamed : known).texts(values)
        // Whoever had this name keeps what came by it.
        if isRenamed, found == nil { try db.giveUpKey(key, of: endpoint) }
        return try found.map { texts in
            guard let id = texts[0], let digest = texts[1] else {
                throw StateError(.damaged, "an event has no id: restore a backup with `writ restore FILE`")
            }
            return (id, digest)
        }
    }

    /// - Parameter endpoint: where it belongs; as it says itself if left out
    mutating func insert(_ stored: StoredEvent, as id: String, at endpoint: String? = nil) throws {
        let event = stored.event
        let number = try Event.number(after: self.number ?? lastEvent.number())
        self.number = number
        values.removeAll()
        values.add(number)
        values.add(id)
        values.add(endpoint ?? event.endpoint)
        values.add(event.dedupeKey)
        values.add(event.name)
        values.add(event.source)
        values.add(bytes: stored.payload)
        values.add(stored.headers)
        values.add(event.receivedAt)
        values.add(stored.bodyDigest)
        values.add(stored.decisions)
        values.add(blob: stored.packed?.bytes)
        values.add(stored.packed?.size)
        try self.event.run(values)
        if let address = event.answerAddress { try db.insert(address, of: id, now: event.receivedAt) }
    }

    mutating func insert(_ stored: StoredRun, as id: String, event: String?, at now: Instant) throws {
        let run = stored.run
        let isSkipped = run.skipReason != nil
        let manifest = try stored.manifestDigest.flatMap { try manifests.has($0) ? $0 : nil }
        values.removeAll()
        values.add(id)
        values.add((isSkipped ? RunState.skipped : .queued).rawValue)
        values.add(run.trigger)
        values.add(run.target.agent)
        values.add(run.target.tool)
        values.add(event)
        values.add(run.revision)
        values.add(manifest)
        values.add(run.scheduledAt)
        values.add(run.priority)
        values.add(run.maxAttempts)
        values.add(run.notBefore)
        values.add(now)
        values.add(isSkipped ? now : nil)
        values.add(run.skipReason)
        values.add(stored.input)
        try self.run.run(values)
        guard !isSkipped else { return }
        let lane = try lane(of: stored)
        if lane != stored.lane {
            try db.run("UPDATE run SET lane = :lane WHERE id = :id", ["lane": lane, "id": id])
        }
        arrived[Lane(name: lane, priority: run.priority), default: 0] += 1
    }

    /// What began with an earlier revision than the last one may be called otherwise since.
    private mutating func lane(of stored: StoredRun) throws -> String {
        let run = stored.run
        let latest = try latestRevision ?? lastRevision.number()
        latestRevision = latest
        return run.revision < latest ? try run.target.current(at: run.revision, in: db).lane : stored.lane
    }

    /// How many runs wait in the queue, those of this transaction included. It writes what is counted of them.
    mutating func waiting() throws -> Int {
        try countRuns()
        return try allWaiting.number()
    }

    /// The same of one lane.
    mutating func waiting(in lane: String) throws -> Int {
        try countRuns()
        values.removeAll()
        values.add(lane)
        return try waitingInLane.number(values)
    }

    /// Says in the lanes of the queue what has come in.
    mutating func countRuns() throws {
        for (lane, count) in arrived {
            values.removeAll()
            values.add(lane.name)
            values.add(lane.priority)
            values.add(count)
            try self.lane.run(values)
        }
        arrived = [:]
    }
}
