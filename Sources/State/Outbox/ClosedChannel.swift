import GRDB
import Values

/// A channel whose receiver said that it wants no more messages. It stays closed as long as its manifest is the same.
package struct ClosedChannel: Sendable, Hashable {
    package let name: String
    /// Of the channel's manifest when that was said.
    package let digest: Digest
    package let since: Instant

    fileprivate init(row: Row) throws {
        name = try row.get("channel")
        digest = try row.get("digest")
        since = try row.get("since")
    }
}

extension StateReader {
    /// The channel, if it was closed under this manifest.
    package func closedChannel(_ name: String, digest: Digest) throws(StateError) -> ClosedChannel? {
        try read("looking whether channel \(name) is closed") { db in
            try db.row(
                "SELECT * FROM closed_channel WHERE channel = :name AND digest = :digest",
                ["name": name, "digest": digest]
            )
            .map(ClosedChannel.init(row:))
        }
    }

    /// All of them by name, also those whose manifest is another one by now.
    package func closedChannels() throws(StateError) -> [String: ClosedChannel] {
        try read("reading which channels are closed") { db in
            let channels = try db.rows("SELECT * FROM closed_channel").map(ClosedChannel.init(row:))
            return Dictionary(channels.map { ($0.name, $0) }) { _, last in last }
        }
    }
}

extension StateStore {
    /// The receiver wants no more messages: the delivery failed, and the channel is closed, in one transaction.
    ///
    /// - Parameter digest: of the channel's manifest
    package func closeChannel(
        by lease: Lease, digest: Digest, error: String, status: Int?, at now: Instant
    ) throws(StateError) {
        try write("closing a channel", isWork: true, isUrgent: true) { db in
            let channel: String? = try db.value("SELECT channel FROM delivery WHERE id = :id", ["id": lease.id])
            try db.end(lease, state: .failed, error: error, status: status, at: now)
            try db.run(
                """
                INSERT INTO closed_channel (channel, digest, since) VALUES (:channel, :digest, :now)
                ON CONFLICT (channel) DO UPDATE SET digest = excluded.digest, since = excluded.since
                """, ["channel": channel, "digest": digest, "now": now])
        }
    }
}
