import GRDB
import Spec

/// Events that came in by what was renamed since.
enum FormerEndpoints {
    /// What is sent to now by which an event or a key came in.
    ///
    /// - Parameters:
    ///   - table: in which it is recorded
    ///   - place: its place among the events
    static func now(_ table: String, place: String) -> String {
        """
        coalesce((SELECT f.now FROM former_endpoint AS f
            WHERE f.endpoint = \(table).endpoint AND f.through >= \(table).\(place) ORDER BY f.through LIMIT 1),
            \(table).endpoint)
        """
    }

    /// Those that an endpoint has now, whatever it was called when they came.
    static func condition(_ endpoint: String) -> (text: String, arguments: Arguments) {
        (
            """
            (endpoint = :endpoint OR endpoint IN (SELECT endpoint FROM former_endpoint WHERE now = :endpoint))
                AND \(now("event", place: "seq")) = :endpoint
            """, ["endpoint": endpoint]
        )
    }

    /// The earlier event of an endpoint that was renamed, or whose name another one had.
    static let known = """
        WITH names (endpoint) AS (SELECT ?1 UNION SELECT endpoint FROM former_endpoint WHERE now = ?1),
            known (id, body_digest, endpoint, place) AS (
                SELECT id, body_digest, endpoint, seq FROM event
                WHERE endpoint IN (SELECT endpoint FROM names) AND dedupe_key = ?2
                UNION ALL SELECT event, body_digest, endpoint, place FROM event_key
                WHERE endpoint IN (SELECT endpoint FROM names) AND dedupe_key = ?2)
        SELECT id, body_digest FROM known WHERE \(now("known", place: "place")) = ?1 ORDER BY place LIMIT 1
        """
}

extension Database {
    /// Who sends to a renamed trigger or repository goes on where it was: what came is known under the new name, and no
    /// other one that takes the former name has it.
    func renameEndpoints(_ changes: [ResourceChange]) throws {
        let moves =
            NameMoves(changes, of: .trigger) { "trigger/\($0)" }.steps
            + NameMoves(changes, of: .repository) { "repository/\($0)" }.steps
        guard !moves.isEmpty else { return }
        let last = try lastEvent()
        for (from, to) in moves {
            try run("UPDATE former_endpoint SET now = :to WHERE now = :from", ["from": from, "to": to])
        }
        for change in changes {
            guard let former = change.formerID, let from = former.endpoint, let to = change.id.endpoint else {
                continue
            }
            // Where nothing came since it had the name, the row before says all of it.
            try run(
                """
                INSERT INTO former_endpoint (endpoint, through, now) VALUES (:from, :last, :to)
                ON CONFLICT (endpoint, through) DO NOTHING
                """, ["from": from, "last": last, "to": to])
        }
    }

    /// What an endpoint is called now, where it was renamed while an event was on its way here.
    func currentEndpoint(_ endpoint: String) throws -> String {
        let now: String? = try value(
            """
            SELECT now FROM former_endpoint WHERE endpoint = :endpoint AND NOT EXISTS (
                SELECT 1 FROM resource_version
                WHERE kind = iif(:endpoint LIKE 'trigger/%', 'Trigger', 'Repository')
                    AND name = substr(:endpoint, instr(:endpoint, '/') + 1) AND to_revision IS NULL)
            ORDER BY through DESC LIMIT 1
            """, ["endpoint": endpoint])
        return now ?? endpoint
    }

    /// Gives a key to the endpoint whose event it is known by, so that another one which took the former name can have
    /// one that is the same.
    func giveUpKey(_ key: String, of endpoint: String) throws {
        let arguments: Arguments = ["endpoint": endpoint, "key": key]
        // Behind all that came before, by which no earlier rename is meant.
        let place = try Event.number(after: lastEvent())
        try run(
            """
            INSERT INTO event_key (endpoint, dedupe_key, event, received_at, body_digest, place)
                SELECT \(FormerEndpoints.now("event", place: "seq")), dedupe_key, id, received_at, body_digest, \(place)
                FROM event WHERE endpoint = :endpoint AND dedupe_key = :key
            ON CONFLICT (endpoint, dedupe_key) DO NOTHING
            """, arguments)
        try run("UPDATE event SET dedupe_key = NULL WHERE endpoint = :endpoint AND dedupe_key = :key", arguments)
        let moved = try run(
            """
            UPDATE OR IGNORE event_key SET endpoint = \(FormerEndpoints.now("event_key", place: "place")), place = \(place)
            WHERE endpoint = :endpoint AND dedupe_key = :key
            """, arguments)
        if moved == 0 { try run("DELETE FROM event_key WHERE endpoint = :endpoint AND dedupe_key = :key", arguments) }
    }
}

extension ResourceID {
    /// As events record it; nil for what nobody sends to.
    fileprivate var endpoint: String? {
        switch kind {
        case .trigger: "trigger/\(name)"
        case .repository: "repository/\(name)"
        default: nil
        }
    }
}
