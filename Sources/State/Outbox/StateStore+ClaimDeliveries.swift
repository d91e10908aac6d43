import GRDB
import Values

extension StateStore {
    /// Takes due deliveries. Channels take turns, so that one with ten thousand messages does not keep another one with
    /// a single message waiting; of each, in the order of their times.
    ///
    /// - Parameters:
    ///   - owner: this process; see `Lease.owner`
    ///   - limit: how many at most
    ///   - last: the channel that had the last turn; the one after it by name comes first
    ///   - concurrency: how many messages may be under way to a channel at once, those that are already counted
    package func claimDeliveries(
        now: Instant, owner: String, leaseFor: Duration, limit: Int, after last: String? = nil,
        concurrency: (String) -> Int
    ) throws(StateError) -> [ClaimedDelivery] {
        try write("taking deliveries from the outbox", isWork: true) { db in
            var sending = try db.sendingByChannel()
            var busy = Set(sending.filter { concurrency($0.key) <= $0.value }.keys)
            var last = last ?? ""
            var claimed: [ClaimedDelivery] = []
            while claimed.count < limit, let next = try db.nextDelivery(now: now, after: last, without: busy) {
                let channel: String = try next.get("channel")
                if concurrency(channel) <= sending[channel, default: 0] {
                    busy.insert(channel)
                    continue
                }
                last = channel
                sending[channel, default: 0] += 1
                claimed.append(
                    try db.claimDelivery(try next.get("head"), owner: owner, until: now.advanced(by: leaseFor)))
                if concurrency(channel) <= sending[channel, default: 0] { busy.insert(channel) }
            }
            return claimed
        }
    }
}

extension Database {
    fileprivate func sendingByChannel() throws -> [String: Int] {
        var sending: [String: Int] = [:]
        for row in try rows(
            "SELECT channel, count(*) AS deliveries FROM delivery WHERE state = 'sending' GROUP BY channel")
        {
            sending[try row.get("channel")] = try row.get("deliveries")
        }
        return sending
    }

    /// The first due delivery of the next channel that has one. The index is named, as SQLite would rather go through
    /// everything that is queued. What it costs follows the number of channels for which
    /// something waits: the index is entered twice for each, however much that is.
    static let nextDelivery = """
        WITH RECURSIVE waiting (channel) AS (
            SELECT min(channel) FROM delivery INDEXED BY delivery_lane WHERE state = 'queued'
            UNION ALL
            SELECT (
                SELECT min(d.channel) FROM delivery AS d INDEXED BY delivery_lane
                WHERE d.state = 'queued' AND d.channel > w.channel)
            FROM waiting AS w WHERE w.channel IS NOT NULL)
        SELECT channel, head FROM (
            SELECT w.channel, (
                SELECT d.seq FROM delivery AS d
                WHERE d.state = 'queued' AND d.channel = w.channel AND d.not_before <= :now
                ORDER BY d.not_before, d.seq LIMIT 1) AS head
            FROM waiting AS w
            WHERE w.channel IS NOT NULL AND w.channel NOT IN (SELECT value FROM json_each(:busy)))
        WHERE head IS NOT NULL ORDER BY channel <= :last, channel LIMIT 1
        """

    fileprivate func nextDelivery(now: Instant, after last: String, without busy: Set<String>) throws -> Row? {
        try row(
            Self.nextDelivery, ["now": now, "last": last, "busy": JSON.array(busy.sorted().map(JSON.string))])
    }

    fileprivate func claimDelivery(_ seq: Int64, owner: String, until: Instant) throws -> ClaimedDelivery {
        let row = try row(
            """
            UPDATE delivery SET state = 'sending', attempt = attempt + 1, lease = lease + 1,
                lease_owner = :owner, lease_until = :until
            WHERE seq = :seq AND state = 'queued' RETURNING *
            """, ["seq": seq, "owner": owner, "until": until])
        guard let row else { throw StateError(.conflict, "delivery \(seq) is not in the outbox") }
        let delivery = try Delivery(row: row)
        return ClaimedDelivery(
            delivery: delivery,
            lease: Lease(id: delivery.id, owner: owner, number: try row.get("lease"), attempt: delivery.attempt))
    }
}
