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
    /// Whether an event that came before with its id, and another digest, is the same all the same; asked with the payload
    /// that was stored then.
    package let isSame: (@Sendable (JSON) -> Bool)?

    package init(
        _ event: NewEvent, runs: [NewRun], bound: QueueBound? = nil, isSame: (@Sendable (JSON) -> Bool)? = nil
    ) {
        self.event = event
        self.runs = runs
        self.bound = bound
        self.isSame = isSame
    }
}

extension StateStore {
    /// Stores an event and the runs it causes in one transaction. When this returns, the sender may be told that it
    /// arrived (DESIGN.md rule 5).
    package func accept(_ event: NewEvent, runs: [NewRun] = []) throws(StateError) -> Acceptance {
        let ready = ReadyArrival(Arrival(event, runs: runs))
        return try write("recording an event", isWork: true) { db in
            var room = QueueRoom()
            var rows = try ArrivalRows(db)
            let acceptance = try self.accept(ready, &room, in: db, &rows)
            try rows.countRuns()
            return acceptance
        }
    }

    /// Stores several events, each whole or not at all, in one transaction: they share its way to the disk.
    ///
    /// - Returns: what became of each, in their order. Throws where none of them is stored.
    package func accept(_ arrivals: [Arrival]) throws(StateError) -> [Result<Acceptance, StateError>] {
        try accept(arrivals.map(ReadyArrival.init))
    }

    /// Stores events that were sent together: all of them, or none.
    ///
    /// - Returns: what became of each. Where one cannot be stored, or came before with another body, the others are not
    ///   either: that one says why, and they fail.
    package func accept(batch: [Arrival]) throws(StateError) -> [Result<Acceptance, StateError>] {
        try accept(batches: [batch.map(ReadyArrival.init)]).first ?? []
    }

    private func accept(_ arrivals: [ReadyArrival]) throws(StateError) -> [Result<Acceptance, StateError>] {
        try accept(batches: arrivals.map { [$0] }).flatMap(\.self)
    }

    /// In one transaction: of each batch all, or nothing.
    func accept(batches: [[ReadyArrival]]) throws(StateError) -> [[Result<Acceptance, StateError>]] {
        try write("recording \(batches.count) requests", isWork: true) { db in
            var room = QueueRoom()
            var rows = try ArrivalRows(db)
            let results = try batches.map { batch in
                room.beginRequest()
                return batch.count == 1
                    ? try batch.map { try self.attempt($0, &room, in: db, &rows) }
                    : try self.accept(whole: batch, &room, in: db, &rows)
            }
            try rows.countRuns()
            return results
        }
    }

    private func accept(
        whole batch: [ReadyArrival], _ room: inout QueueRoom, in db: Database, _ rows: inout ArrivalRows
    ) throws -> [Result<Acceptance, StateError>] {
        let before = (room, rows)
        var results: [Result<Acceptance, StateError>] = []
        var isWhole = true
        try db.inSavepoint {
            for arrival in batch {
                let result = try attempt(arrival, &room, in: db, &rows)
                results.append(result)
                switch result {
                case .success(.accepted), .success(.duplicate(_, isSameBody: true)): continue
                case .success(.duplicate(_, isSameBody: false)), .failure: isWhole = false
                }
                return .rollback
            }
            return .commit
        }
        guard !isWhole, let told = results.last else { return results }
        (room, rows) = before
        let other = StateError(.conflict, "another event that was sent with it cannot be stored")
        var refused = [Result<Acceptance, StateError>](repeating: .failure(other), count: batch.count)
        refused[results.count - 1] = told
        return refused
    }

    private func attempt(
        _ arrival: ReadyArrival, _ room: inout QueueRoom, in db: Database, _ rows: inout ArrivalRows
    ) throws -> Result<Acceptance, StateError> {
        do {
            return .success(try accept(arrival, &room, in: db, &rows))
        } catch let error as StateError where error.isOfOneArrival {
            return .failure(error)
        }
    }

    private func accept(
        _ ready: ReadyArrival, _ room: inout QueueRoom, in db: Database, _ rows: inout ArrivalRows
    ) throws -> Acceptance {
        let event = ready.arrival.event
        let endpoint = try rows.place(of: event.endpoint)
        if let key = event.dedupeKey, let earlier = try rows.earlier(endpoint: endpoint, key: key) {
            let isSame =
                try earlier.bodyDigest == event.bodyDigest.text || isSame(ready.arrival, as: earlier.id, in: db)
            return .duplicate(event: earlier.id, isSameBody: isSame)
        }
        let stored = try ready.stored.get()
        try room.admit(ready.arrival, &rows)
        let id = identifiers.next("evt")
        try rows.insert(stored, as: id, at: endpoint)
        let ids = try ready.runs.map { run in
            let own = identifiers.next("run")
            try rows.insert(run, as: own, event: id, at: event.receivedAt)
            return own
        }
        return .accepted(event: id, runs: ids)
    }

    private func isSame(_ arrival: Arrival, as id: String, in db: Database) throws -> Bool {
        guard let isSame = arrival.isSame else { return false }
        // What was removed since is known by its digest alone.
        let row = try db.row("SELECT \(Event.payloadColumns) FROM event WHERE id = :id", ["id": id])
        return try row.map { try isSame(Event.payload(of: $0)) } ?? false
    }

    /// The new event's id.
    func insert(_ event: NewEvent, in db: Database) throws -> String {
        let id = identifiers.next("evt")
        var rows = try ArrivalRows(db)
        try rows.insert(StoredEvent(event), as: id)
        return id
    }
}

extension StateError {
    /// Whether it is its sender's, and told before anything of it was written. All else is everybody's.
    fileprivate var isOfOneArrival: Bool {
        switch code {
        case .tooLarge, .queueFull: true
        default: false
        }
    }
}

extension StateReader {
    package func event(_ id: String) throws(StateError) -> Event? {
        try read("reading an event") { db in
            try db.row(
                """
                SELECT \(EventSummary.columns), \(Event.payloadColumns), headers, decisions FROM event
                WHERE id = :id
                """, ["id": id]
            )
            .map(Event.init(row:))
        }
    }

    /// Newest first. An endpoint has those too that came when it was called otherwise.
    package func events(
        _ page: Page = Page(), _ filter: EventFilter = EventFilter()
    ) throws(StateError) -> PageOf<EventSummary> {
        var conditions = Conditions()
        if let endpoint = filter.endpoint { conditions.add(FormerEndpoints.condition(endpoint)) }
        conditions.add("name", filter.name)
        conditions.add("source", filter.source)
        return try read("reading the events") { db in
            try db.page(
                page, of: EventSummary.columns, from: "event", where: conditions.texts, conditions.arguments,
                item: EventSummary.init(row:))
        }
    }
}
