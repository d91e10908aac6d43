import GRDB
import Spec
import Values

/// What a channel did not get: since the last message that it got, and in the last day in any case.
package struct UndeliveredMessages: Sendable, Hashable {
    /// The name that it has now.
    package let channel: String
    /// Given up: refused for good, or after the last attempt.
    package let failed: Int
    /// Failed so far, and sent again.
    package let waiting: Int
    /// When the first of these messages was to be sent.
    package let since: Instant
    /// Of the latest of them.
    package let lastError: String
    /// The HTTP status of the answer to it.
    package let responseStatus: Int?

    /// Characters of the error.
    private static let errorLength = 1_024
    /// Messages that others got and that are gone through for the last one that it got.
    private static let looks = 20_000
    /// How long those are told of that failed before one that did not.
    private static let memory = Duration.seconds(86_400)

    private static let waits = "state IN ('queued', 'sending')"
    fileprivate static let isOver = "state IN ('failed', 'discarded')"
    /// What waits is renamed with its channel; what is over keeps the name of then. Looked for from the latest on.
    fileprivate static let lastRevision =
        "(SELECT number FROM revision WHERE created_at <= finished_at ORDER BY number DESC LIMIT 1)"

    /// `nil` where it got everything.
    fileprivate init?(of channel: String, at now: Instant, in db: Database) throws {
        let names = try db.condition(
            ResourceID(kind: .channel, name: channel), name: "channel", revision: Self.lastRevision)
        // Whoever got none of so many for so long is not looked for further back.
        let delivered: Instant? = try db.value(
            """
            SELECT finished_at FROM (
                SELECT seq, channel, finished_at FROM delivery
                WHERE state = 'delivered'
                    AND seq > (SELECT coalesce(min(seq), 0) FROM delivery WHERE \(Self.isOver))
                ORDER BY seq DESC LIMIT \(Self.looks))
            WHERE \(names.text) ORDER BY seq DESC LIMIT 1
            """, names.arguments)
        let dayAgo = now.advanced(by: .zero - Self.memory)
        let missing = """
            FROM delivery
            WHERE last_error IS NOT NULL AND (\(Self.waits) AND channel = :channel
                OR \(Self.isOver) AND \(names.text) AND finished_at > :from)
            """
        let arguments = names.arguments.merging([
            "channel": channel, "from": delivered.map { min($0, dayAgo) } ?? Instant(milliseconds: .min),
        ]) { _, own in own }
        let counts = try db.row(
            """
            SELECT count(*) AS count, coalesce(sum(\(Self.waits)), 0) AS waiting, min(created_at) AS since
            \(missing)
            """, arguments)
        let last = try db.row(
            """
            SELECT substr(last_error, 1, \(Self.errorLength)) AS last_error, response_status
            \(missing) ORDER BY seq DESC LIMIT 1
            """, arguments)
        guard let counts, let last else { return nil }
        self.channel = channel
        waiting = try counts.get("waiting")
        failed = try counts.get("count") - waiting
        since = try counts.get("since")
        lastError = try last.get("last_error")
        responseStatus = try last.find("response_status")
    }
}

extension StateReader {
    /// What channels did not get, by their names.
    package func undeliveredMessages(at now: Instant) throws(StateError) -> [UndeliveredMessages] {
        try read("reading what was not delivered") { db in
            let rows = try db.rows(
                """
                SELECT DISTINCT channel, \(UndeliveredMessages.isOver) AS is_over,
                    coalesce(\(UndeliveredMessages.lastRevision), 0) AS revision
                FROM delivery WHERE state IN ('failed', 'discarded', 'queued', 'sending') AND last_error IS NOT NULL
                """)
            let channels = try rows.map { row in
                let name: String = try row.get("channel")
                guard try row.get("is_over") else { return name }
                return try db.currentName(of: ResourceID(kind: .channel, name: name), at: try row.get("revision"))
            }
            return try Set(channels).sorted().compactMap { try UndeliveredMessages(of: $0, at: now, in: db) }
        }
    }

    /// What a channel did not get; `nil` where it got everything.
    package func undeliveredMessages(of channel: String, at now: Instant) throws(StateError) -> UndeliveredMessages? {
        try read("reading what channel \(channel) did not get") { db in
            try UndeliveredMessages(of: channel, at: now, in: db)
        }
    }
}
