import GRDB
import Spec
import Values

extension StateStore {
    /// Makes the list of webhooks that writ keeps what is declared now: new ones are to be made, changed ones to be
    /// changed, and what is no longer declared is to be removed.
    ///
    /// - Parameters:
    ///   - revision: that declares them
    ///   - all: whether every webhook is to be looked at now, as after a start
    /// - Returns: nil where another revision is in force by now, which may call them otherwise
    package func declare(
        _ declared: [DeclaredRegistration], by revision: Int, lookingAt all: Bool, at now: Instant
    ) throws(StateError) -> [Registration]? {
        try write("declaring webhooks at their senders", silently: true) { db in
            let latest: Int? = try db.value("SELECT max(number) FROM revision")
            guard latest == revision else { return nil }
            for one in declared { try db.declare(one, at: now) }
            let wanted = Set(declared.map(\.key))
            for row in try db.rows("SELECT * FROM registration WHERE standing <> 'removing'") {
                let registration = try Registration(row: row)
                guard !wanted.contains(registration.declared.key) else { continue }
                try db.run(
                    """
                    UPDATE registration SET standing = 'removing', since = :now, attempt = 0, due_at = :now,
                        problem = NULL
                    WHERE seq = :number
                    """, ["now": now, "number": registration.number])
            }
            if all { try db.run("UPDATE registration SET due_at = :now", ["now": now]) }
            return try db.rows("SELECT * FROM registration ORDER BY seq").map(Registration.init(row:))
        }
    }

    /// It is at the sender as it was declared.
    ///
    /// - Parameters:
    ///   - senderSays: what the sender has to complain of, if anything
    ///   - waiting: deliveries that the sender holds back, where it tells
    ///   - declared: what was registered; what is declared otherwise meanwhile stays to be done
    package func registered(
        _ number: Int64, _ declared: DeclaredRegistration, remoteID: String?, senderSays: String? = nil,
        waiting: Int? = nil, next: Instant, at now: Instant
    ) throws(StateError) {
        try write("recording a webhook at its sender", silently: true) { db in
            try db.run(
                """
                UPDATE registration SET remote_id = :remote, sender_says = :says, waiting = :waiting, problem = NULL,
                    attempt = 0, limited_until = NULL, placed = :placed, placed_url = :url
                WHERE seq = :number
                """,
                [
                    "placed": declared.declaration, "url": declared.url, "remote": remoteID,
                    "says": StoredText.capped(senderSays, limit: 1 << 10), "waiting": waiting,
                    "number": number,
                ])
            try db.run(
                """
                UPDATE registration SET since = CASE standing WHEN 'registered' THEN since ELSE :now END,
                    standing = 'registered', due_at = :next
                WHERE seq = :number AND standing <> 'removing' AND url IS :url AND declaration = :declaration
                """,
                [
                    "now": now, "next": next, "number": number, "url": declared.url,
                    "declaration": declared.declaration,
                ])
            try db.noteCompleteness(of: number, at: now)
        }
    }

    /// What is at the sender goes on as another one: with what is known of it and of what it missed.
    ///
    /// - Parameters:
    ///   - former: no longer declared; it is forgotten
    ///   - number: that was never made
    package func follow(_ former: Int64, by number: Int64, at now: Instant) throws(StateError) {
        try write("taking over a webhook", silently: true) { db in
            let arguments: Arguments = ["former": former, "number": number]
            try db.run(
                """
                UPDATE registration SET (remote_id, looked_at, placed, placed_url, sender_says, waiting)
                    = (SELECT remote_id, looked_at, placed, placed_url, sender_says, waiting
                        FROM registration WHERE seq = :former)
                WHERE seq = :number
                """, arguments)
            try db.run(
                "UPDATE OR IGNORE missed_delivery SET registration = :number WHERE registration = :former", arguments)
            try db.run("DELETE FROM registration WHERE seq = :former AND standing = 'removing'", ["former": former])
            try db.noteCompleteness(of: number, at: now)
        }
    }

    /// Remembers the sender's id of a webhook as soon as it is known.
    package func found(_ number: Int64, remoteID: String?) throws(StateError) {
        _ = try write("recording a webhook's id", silently: true) { db in
            try db.run(
                "UPDATE registration SET remote_id = :remote WHERE seq = :number",
                ["remote": remoteID, "number": number])
        }
    }

    /// A try to make, change or remove it failed.
    ///
    /// - Parameters:
    ///   - isPassing: whether it may well be as it was, so that it counts as registered for some tries more
    ///   - isAbsent: whether it is known not to be there as declared, so that it does not
    ///   - limit: until when the sender wants to be left alone, where it is no more than that: it stands as it stood
    package func registrationFailed(
        _ number: Int64, problem: String, isPassing: Bool, isAbsent: Bool = false, limit: Instant? = nil,
        next: Instant, at now: Instant
    ) throws(StateError) {
        _ = try write("recording that a webhook could not be registered", silently: true) { db in
            try db.run(
                """
                UPDATE registration SET attempt = attempt + (:limit IS NULL), due_at = :next, limited_until = :limit,
                    problem = CASE WHEN :limit IS NOT NULL AND standing = 'failing' THEN problem ELSE :problem END,
                    since = CASE WHEN standing IN ('failing', 'removing') OR \(Self.stays) THEN since ELSE :now END,
                    standing = CASE WHEN standing = 'removing' OR \(Self.stays) THEN standing ELSE 'failing' END
                WHERE seq = :number
                """,
                [
                    "next": next, "problem": StoredText.capped(problem, limit: 1 << 10), "now": now, "number": number,
                    "passing": isPassing, "absent": isAbsent, "limit": limit,
                ])
        }
    }

    private static let stays = """
        (:limit IS NOT NULL AND standing IN ('pending', 'registered') AND NOT :absent
            OR standing = 'registered' AND :passing AND NOT :absent AND attempt < 4)
        """

    /// It is gone from the sender. One that is declared again meanwhile is to be made anew.
    package func unregistered(_ number: Int64) throws(StateError) {
        try write("recording that a webhook is gone", silently: true) { db in
            try db.run("UPDATE registration SET remote_id = NULL WHERE seq = :number", ["number": number])
            try db.run(
                "DELETE FROM registration WHERE seq = :number AND standing = 'removing'", ["number": number])
        }
    }
}

extension DeclaredRegistration {
    fileprivate var key: [String] { [id.kind.rawValue, id.name, target] }
}

extension Database {
    fileprivate func declare(_ one: DeclaredRegistration, at now: Instant) throws {
        let arguments: Arguments = [
            "kind": one.id.kind.rawValue, "name": one.id.name, "sender": one.sender, "target": one.target,
            "url": one.url, "declaration": one.declaration, "now": now,
        ]
        try run(
            """
            INSERT INTO registration (kind, name, sender, target, url, declaration, standing, since, due_at,
                registered_since, completeness, complete_since)
            VALUES (:kind, :name, :sender, :target, :url, :declaration, 'pending', :now, :now, :now, 'unknown', :now)
            ON CONFLICT (kind, name, target) DO UPDATE SET url = :url, declaration = :declaration,
                standing = 'pending', since = :now, attempt = 0, due_at = :now, problem = NULL
            WHERE standing = 'removing' OR url IS NOT :url OR declaration <> :declaration
            """, arguments)
    }

    /// The webhook of a renamed resource goes on under its new name.
    func renameRegistrations(_ changes: [ResourceChange]) throws {
        for kind in [KindName.repository, .trigger] {
            for (from, to) in NameMoves(changes, of: kind).steps {
                // One that is there under the new name already stands for the same webhook.
                try run(
                    "UPDATE OR IGNORE registration SET name = :to WHERE kind = :kind AND name = :from",
                    ["kind": kind.rawValue, "from": from, "to": to])
            }
        }
    }
}
