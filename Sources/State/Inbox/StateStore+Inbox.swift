import GRDB
import Values

/// What became of an event that came in.
package enum Acceptance: Sendable, Hashable {
    case accepted(event: String, runs: [String])
    /// The sender's id was seen before: nothing was stored. `isSameBody` is false if it came with another body then
    /// (fault E95).
    case duplicate(event: String, isSameBody: Bool)
}

/// An event and the runs that it causes.
package struct Arrival: Sendable {
    package let event: NewEvent
    package let runs: [NewRun]
    /// With how many runs that wait it is refused; `nil` for what somebody asked for by hand.
    package let bound: QueueBound?

    package init(_ event: NewEvent, runs: [NewRun], bound: QueueBound? = nil) {
        self.event = event
        self.runs = runs
        self.bound = bound
    }
}

extension StateStore {
    /// Stores an event and the runs it causes in one transaction. When this returns, the sender may be told that it
    /// arrived (DESIGN.md rule 5).
    package func accept(_ event: NewEvent, runs: [NewRun] = []) throws(StateError) -> Acceptance {
        try write("recording an event") { db in
            var room = QueueRoom()
            return try self.accept(Arrival(event, runs: runs), &room, in: db)
        }
    }

    /// Stores several events, each whole or not at all, in one transaction: they share its way to the disk.
    ///
    /// - Returns: what became of each, in their order. Throws where none of them is stored.
    package func accept(_ arrivals: [Arrival]) throws(StateError) -> [Result<Acceptance, StateError>] {
        try write("recording \(arrivals.count) events") { db in
            var room = QueueRoom()
            return try arrivals.map { arrival in
                var result = Result<Acceptance, StateError>.failure(StateError(.other, "not stored"))
                try db.inSavepoint {
                    do {
                        result = .success(try self.accept(arrival, &room, in: db))
                        return .commit
                    } catch {
                        let error = StateError(error, while: "recording an event")
                        // One event that is too large, or has no room, is its sender's; a full disk is everybody's.
                        guard error.code == .tooLarge || error.code == .queueFull else { throw error }
                        result = .failure(error)
                        return .rollback
                    }
                }
                return result
            }
        }
    }

    private func accept(_ arrival: Arrival, _ room: inout QueueRoom, in db: Database) throws -> Acceptance {
        let event = arrival.event
        if let key = event.dedupeKey {
            let earlier = try db.row(
                """
                SELECT id, body_digest FROM event WHERE endpoint = :endpoint AND dedupe_key = :key
                UNION ALL SELECT event, body_digest FROM event_key WHERE endpoint = :endpoint AND dedupe_key = :key
                """, ["endpoint": event.endpoint, "key": key])
            if let earlier {
                let digest: Digest = try earlier.get("body_digest")
                return .duplicate(event: try earlier.get("id"), isSameBody: digest == event.bodyDigest)
            }
        }
        try room.admit(arrival, in: db)
        let id = try insert(event, in: db)
        let ids = try arrival.runs.map { try insert($0, event: id, at: event.receivedAt, in: db) }
        return .accepted(event: id, runs: ids)
    }

    /// The new event's id.
    func insert(_ event: NewEvent, in db: Database) throws -> String {
        try StoredText.check(event.payload, "the event's payload")
        try StoredText.check(event.headers, "the list of the event's headers", limit: 256 << 10)
        let id = identifiers.next("evt")
        try db.run(
            """
            INSERT INTO event (id, endpoint, dedupe_key, name, source, payload, headers, received_at, body_digest,
                decisions)
            VALUES (:id, :endpoint, :key, :name, :source, :payload, :headers, :at, :digest, :decisions)
            """,
            [
                "id": id, "endpoint": event.endpoint, "key": event.dedupeKey, "name": event.name,
                "source": event.source, "payload": event.payload, "headers": event.headers, "at": event.receivedAt,
                "digest": event.bodyDigest, "decisions": event.decisions.flatMap(StoredText.cappedList),
            ])
        return id
    }
}

extension StateReader {
    package func event(_ id: String) throws(StateError) -> Event? {
        try read("reading an event") { db in
            try db.row(
                "SELECT \(EventSummary.columns), payload, headers, decisions FROM event WHERE id = :id", ["id": id]
            )
            .map(Event.init(row:))
        }
    }

    package func events(
        _ page: Page = Page(), _ filter: EventFilter = EventFilter()
    ) throws(StateError) -> PageOf<EventSummary> {
        var conditions = Conditions()
        conditions.add("endpoint", filter.endpoint)
        conditions.add("name", filter.name)
        conditions.add("source", filter.source)
        return try read("reading the events") { db in
            try db.page(
                page, of: EventSummary.columns, from: "event", where: conditions.texts, conditions.arguments,
                item: EventSummary.init(row:))
        }
    }
}
