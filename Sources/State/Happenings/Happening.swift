import GRDB
import Spec
import Values

/// Something that happened in writ itself, and of which triggers have not heard yet.
package struct Happening: Sendable {
    package enum Subject: Sendable {
        /// As it was when it ended, though it may have been queued again since.
        case run(Run)
        case revision(Revision, [RevisionChange])
        case observation(Observation)
    }

    /// In order of happening.
    package let seq: Int
    /// Nil where what it was about is gone.
    package let subject: Subject?
}

extension StateReader {
    /// The next ones, oldest first.
    ///
    /// - Parameter changes: of one revision at most
    package func happenings(limit: Int, changes: Int) throws(StateError) -> [Happening] {
        try read("reading what happened") { db in
            try db.rows("SELECT * FROM happening ORDER BY seq LIMIT :limit", ["limit": limit]).map { row in
                let kind: String = try row.get("kind")
                let subject: String = try row.get("subject")
                return Happening(seq: try row.get("seq"), subject: try db.subject(kind, subject, row, changes))
            }
        }
    }
}

extension StateReader {
    /// When a trigger last started a run because of something that happened in writ itself, in any order.
    ///
    /// - Parameter limit: of runs of one state that are looked at, the newest first
    package func reactions(
        of trigger: String, since time: Instant, limit: Int
    ) throws(StateError) -> [Instant] {
        try read("reading the reactions of trigger \(trigger)") { db in
            var times: [Instant] = []
            for span in try db.names(of: Trigger.id(trigger)) {
                for state in RunState.allCases {
                    times += try db.rows(
                        """
                        SELECT received_at FROM (
                            SELECT event_id FROM run
                            WHERE trigger_name = :trigger AND state = :state
                                AND revision >= :from AND revision < :until
                            ORDER BY seq DESC LIMIT :limit)
                        JOIN event ON event.id = event_id
                        WHERE endpoint = 'writ' AND received_at > :since
                        """,
                        [
                            "trigger": span.name, "state": state, "from": span.from, "until": span.until ?? .max,
                            "limit": limit, "since": time,
                        ]
                    ).map { try $0.get("received_at") }
                }
            }
            return times
        }
    }
}

extension Database {
    fileprivate func subject(
        _ kind: String, _ subject: String, _ happening: Row, _ changes: Int
    ) throws -> Happening.Subject? {
        switch kind {
        case "run":
            guard let row = try row("SELECT \(Run.columns) FROM run WHERE id = :id", ["id": subject])
            else { return nil }
            var run = try Run(row: row)
            if let state: RunState = try happening.find("state") {
                run.state = state
                run.attempt = try happening.get("attempt")
                run.output = try happening.find("output")
                run.error = try happening.find("error")
                run.reason = try happening.find("reason")
            }
            return .run(run)
        case "revision":
            guard let number = Int(subject), let revision = try revision(number) else { return nil }
            let rows = try rows(
                "SELECT * FROM revision_change WHERE revision = :revision ORDER BY position LIMIT :limit",
                ["revision": number, "limit": changes])
            return .revision(revision, try rows.map(RevisionChange.init(row:)))
        default:
            return try row("SELECT * FROM observation WHERE seq = :seq", ["seq": Int(subject)])
                .map { .observation(try Observation(row: $0)) }
        }
    }
}

extension StateStore {
    /// Stores what came of happenings, with the runs that it starts, and forgets these: in one transaction, so that
    /// nothing is heard of twice, and nothing missed.
    ///
    /// - Parameter seq: the last one that was dealt with
    /// - Returns: the ids of the runs
    @discardableResult
    package func settle(
        through seq: Int, _ events: [(event: NewEvent, runs: [NewRun])]
    ) throws(StateError) -> [String] {
        try write("settling what happened", isWork: true) { db in
            let count = try db.run("DELETE FROM happening WHERE seq <= :seq", ["seq": seq])
            // Somebody else has dealt with them.
            guard count > 0 else { return [] }
            return try events.flatMap { event, runs in
                let id = try self.insert(event, in: db)
                return try runs.map { try self.insert($0, event: id, at: event.receivedAt, in: db) }
            }
        }
    }
}
