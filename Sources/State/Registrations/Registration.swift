import GRDB
import Spec
import Values

/// A webhook that is to be at its sender.
package struct DeclaredRegistration: Sendable, Hashable {
    package enum Sender: String, Sendable, Hashable, DatabaseValueConvertible {
        case github, telegram
    }

    package let id: ResourceID
    package let sender: Sender
    /// Whose webhook it is: `owner/name` in lower case, or what names the bot's token.
    package let target: String
    /// Where the sender is to send; nil while nobody knows how it reaches this service.
    package let url: String?
    /// What is to be sent and by which secrets. It names secrets and never holds one.
    package let declaration: JSON

    package init(id: ResourceID, sender: Sender, target: String, url: String?, declaration: JSON) {
        self.id = id
        self.sender = sender
        self.target = target
        self.url = url
        self.declaration = declaration
    }
}

/// A webhook at its sender, as it stands.
package struct Registration: Sendable {
    package enum Standing: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
        /// Not yet looked after since it was declared or changed.
        case pending
        case registered
        /// The last try to bring it about failed.
        case failing
        /// No longer declared; it goes when the sender has none any more.
        case removing
    }

    /// What is known of what the sender had to send.
    package enum Completeness: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
        case complete, incomplete, unknown
    }

    package let number: Int64
    package let declared: DeclaredRegistration
    /// The sender's own id of it.
    package let remoteID: String?
    package let standing: Standing
    /// Since when it stands so.
    package let since: Instant
    /// When it came to be at the sender, or ceased to be.
    package let registeredSince: Instant
    /// When it last began or ceased to fail; nil where it never did.
    package let readySince: Instant?
    /// What was last put at the sender, and where that sends to; nil where that is not known.
    package let placed: (declaration: JSON, url: String)?
    /// When the sender wants to hear of us again, where it said so.
    package let limitedUntil: Instant?
    /// Whether all came that was to come, and since when that is so; nil where nobody looked yet.
    package let completeness: (value: Completeness, since: Instant)?
    /// Failures in a row.
    package let attempt: Int
    package let dueAt: Instant
    /// Why the last try failed.
    package let problem: String?
    /// Up to when the sender was asked for what failed; nil before the first time.
    package let lookedAt: Instant?
    /// What the sender last had to complain of.
    package let senderSays: String?
    /// Deliveries that the sender holds back.
    package let waiting: Int?

    package var id: ResourceID { declared.id }

    /// Whether it ever was at the sender, as far as is known.
    package var wasMade: Bool { remoteID != nil || lookedAt != nil }

    /// Where it sends to, as far as is known: as it is declared, and as it was last made.
    package var addresses: Set<String> { Set([declared.url, placed?.url].compactMap(\.self)) }

    init(row: Row) throws {
        number = try row.get("seq")
        declared = DeclaredRegistration(
            id: try ResourceID(row: row), sender: try row.get("sender"), target: try row.get("target"),
            url: try row.find("url"), declaration: try row.get("declaration"))
        remoteID = try row.find("remote_id")
        standing = try row.get("standing")
        since = try row.get("since")
        registeredSince = try row.find("registered_since") ?? since
        readySince = try row.find("ready_since")
        let placed: JSON? = try row.find("placed")
        let placedURL: String? = try row.find("placed_url")
        self.placed = placed.flatMap { placed in placedURL.map { (placed, $0) } }
        limitedUntil = try row.find("limited_until")
        let completeness: Completeness? = try row.find("completeness")
        let completeSince: Instant? = try row.find("complete_since")
        self.completeness = completeness.flatMap { value in completeSince.map { (value, $0) } }
        attempt = try row.get("attempt")
        dueAt = try row.get("due_at")
        problem = try row.find("problem")
        lookedAt = try row.find("looked_at")
        senderSays = try row.find("sender_says")
        waiting = try row.find("waiting")
    }
}

extension StateReader {
    /// All of them, in the order in which they were declared.
    package func registrations() throws(StateError) -> [Registration] {
        try read("reading the webhooks at their senders") { db in
            try db.rows("SELECT * FROM registration ORDER BY seq").map(Registration.init(row:))
        }
    }

    package func registration(_ number: Int64) throws(StateError) -> Registration? {
        try read("reading a webhook at its sender") { db in
            try db.row("SELECT * FROM registration WHERE seq = :number", ["number": number])
                .map(Registration.init(row:))
        }
    }

    /// Those of some ids of a sender under which no event was stored, whichever of its names the endpoint had.
    package func missingEvents(_ keys: [String], at endpoints: [String]) throws(StateError) -> Set<String> {
        try read("looking for events") { db in
            Set(
                try keys.filter { key in
                    try endpoints.allSatisfy { endpoint in
                        let found: Int? = try db.value(
                            """
                            SELECT 1 FROM event WHERE endpoint = :endpoint AND dedupe_key = :key
                            UNION ALL SELECT 1 FROM event_key WHERE endpoint = :endpoint AND dedupe_key = :key
                            """,
                            ["endpoint": endpoint, "key": key])
                        return found == nil
                    }
                })
        }
    }
}
