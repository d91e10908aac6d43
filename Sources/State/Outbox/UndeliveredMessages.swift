import GRDB
import Spec
import Values

/// What a channel did not get: since the last message that it got, as far back as is looked for that, and in the last day
/// in any case.
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
    /// When a message got through after all of these; `nil` while none did.
    package let recoveredAt: Instant?

    /// Characters of the error.
    private static let errorLength = 1_024
    /// Messages that others got and that are gone through for the last one that it got.
    private static let looks = 20_000
    /// How long those are told of that failed before one that did not.
    private static let memory = Duration.seconds(86_400)

    private static let waits = "state IN ('queued', 'sending')"
    private static let isOver = "state IN ('failed', 'discarded')"

    /// `nil` where it got everything.
    fileprivate init?(of channel: String, at now: Instant, in db: Database) throws {
        let names = try Self.names(of: channel, in: db)
        let sent = """
            SELECT seq, channel, finished_at FROM delivery
            WHERE state = 'delivered' AND seq > (SELECT coalesce(min(seq), 0) FROM delivery WHERE \(Self.isOver))
            ORDER BY seq DESC
            """
        let delivered: Instant? = try db.value(
            "SELECT finished_at FROM (\(sent) LIMIT \(Self.looks)) WHERE \(names.text) ORDER BY seq DESC LIMIT 1",
            names.arguments)
        // Behind so many messages of others nobody looks: one of this channel may have got through there.
        let horizon: Instant? =
            try delivered
            ?? db.value("SELECT finished_at FROM (\(sent) LIMIT 1 OFFSET \(Self.looks - 1))")
        let dayAgo = now.advanced(by: .zero - Self.memory)
        let missing = """
            FROM delivery
            WHERE last_error IS NOT NULL AND (\(Self.waits) AND channel = :channel
                OR \(Self.isOver) AND \(names.text) AND finished_at > :from)
            """
        let arguments = names.arguments.merging([
            "channel": channel, "from": horizon.map { min($0, dayAgo) } ?? Instant(milliseconds: .min),
        ]) { _, own in own }
        let counts = try db.row(
            """
            SELECT count(*) AS count, coalesce(sum(\(Self.waits)), 0) AS waiting, min(created_at) AS since,
                max(finished_at) AS ended
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
        let ended: Instant? = try counts.find("ended")
        if waiting == 0, let delivered, let ended, delivered > ended {
            recoveredAt = delivered
        } else {
            recoveredAt = nil
        }
    }

    /// A condition that is true for what is over of a channel. What waits is renamed with its channel; what is over keeps
    /// the name of then, and was of whoever had that when it ended.
    private static func names(of channel: String, in db: Database) throws -> (text: String, arguments: Arguments) {
        var texts: [String] = []
        var arguments: Arguments = [:]
        func begin(of revision: Int) throws -> Instant? {
            try db.value("SELECT min(created_at) FROM revision WHERE number >= :number", ["number": revision])
        }
        for (number, span) in try db.names(of: ResourceID(kind: .channel, name: channel)).enumerated() {
            let prefix = "channel_\(number)"
            var text = "channel = :\(prefix)"
            arguments[prefix] = span.name
            if span.from > 0 {
                text += " AND finished_at >= :\(prefix)_from"
                arguments["\(prefix)_from"] = try begin(of: span.from) ?? Instant(milliseconds: .max)
            }
            if let until = try span.until.flatMap(begin) {
                text += " AND finished_at < :\(prefix)_until"
                arguments["\(prefix)_until"] = until
            }
            texts.append("(\(text))")
        }
        return ("(\(texts.joined(separator: " OR ")))", arguments)
    }

    /// The channels, by the names that they have now, of which something is over or waits that failed.
    fileprivate static func channels(in db: Database) throws -> Set<String> {
        let failed = "FROM delivery WHERE last_error IS NOT NULL"
        let waiting: [String] = try db.rows("SELECT DISTINCT channel \(failed) AND \(waits)")
            .map { try $0.get("channel") }
        let renamed: Int? = try db.value(
            "SELECT 1 FROM revision_change WHERE kind = :kind AND former_name IS NOT NULL LIMIT 1",
            ["kind": KindName.channel.rawValue])
        guard renamed != nil else {
            let over: [String] = try db.rows("SELECT DISTINCT channel \(failed) AND \(isOver)")
                .map { try $0.get("channel") }
            return Set(waiting + over)
        }
        // The last revision when each ended, in one pass over both in the order of time.
        let over = try db.rows(
            """
            SELECT DISTINCT channel, coalesce(revision, 0) AS revision FROM (
                SELECT channel, max(number) OVER (ORDER BY at, channel IS NOT NULL ROWS UNBOUNDED PRECEDING) AS revision
                FROM (
                    SELECT created_at AS at, number, NULL AS channel FROM revision
                    UNION ALL SELECT finished_at, NULL, channel \(failed) AND \(isOver)))
            WHERE channel IS NOT NULL
            """)
        return try Set(
            waiting
                + over.map { row in
                    let id = ResourceID(kind: .channel, name: try row.get("channel"))
                    return try db.currentName(of: id, at: try row.get("revision"))
                })
    }
}

extension StateReader {
    /// What channels did not get, by their names.
    package func undeliveredMessages(at now: Instant) throws(StateError) -> [UndeliveredMessages] {
        try read("reading what was not delivered") { db in
            try UndeliveredMessages.channels(in: db).sorted().compactMap {
                try UndeliveredMessages(of: $0, at: now, in: db)
            }
        }
    }

    /// What a channel did not get; `nil` where it got everything.
    package func undeliveredMessages(of channel: String, at now: Instant) throws(StateError) -> UndeliveredMessages? {
        try read("reading what channel \(channel) did not get") { db in
            try UndeliveredMessages(of: channel, at: now, in: db)
        }
    }
}
