import GRDB
import Values

extension StateStore {
    /// How long is remembered what was missed, once that is settled.
    private static let memory = Duration.seconds(30 * 86_400)

    /// Records what a look at the sender's list of deliveries found, and up to when that was. What is known already
    /// stays as it is; a span of time becomes longer.
    ///
    /// - Parameter through: nil where the list was not looked at yet
    package func looked(
        _ number: Int64, missed: [NewMissedDelivery], through: Instant?, at now: Instant
    ) throws(StateError) {
        try write("recording what was missed", silently: true) { db in
            for one in missed {
                try db.run(
                    """
                    INSERT INTO missed_delivery (registration, key, remote_id, event, from_at, to_at, state, due_at,
                        reason, settled_at)
                    VALUES (:number, :key, :remote, :event, :from, :to, :state, :now, :reason, :settled)
                    ON CONFLICT (registration, key) DO UPDATE SET to_at = excluded.to_at
                    WHERE remote_id IS NULL AND to_at < excluded.to_at
                    """,
                    [
                        "number": number, "key": one.key, "remote": one.remoteID, "event": one.event,
                        "from": one.from, "to": one.to,
                        "state": one.loss == nil ? MissedDelivery.State.waiting : .lost, "now": now,
                        "reason": one.loss, "settled": one.loss == nil ? nil : now,
                    ])
            }
            if let through {
                // A look by a clock that was ahead counts no more.
                try db.run(
                    """
                    UPDATE registration
                    SET looked_at = iif(looked_at > :now, :through, max(coalesce(looked_at, :through), :through))
                    WHERE seq = :number
                    """, ["through": through, "number": number, "now": now])
            }
            try db.run(
                "DELETE FROM missed_delivery WHERE settled_at < :end", ["end": now.advanced(by: .zero - Self.memory)])
            try db.noteCompleteness(of: number, at: now)
        }
    }

    /// The sender was asked for it again.
    package func askedAgain(_ missed: Int64, next: Instant) throws(StateError) {
        _ = try write("recording that a delivery was asked for", silently: true) { db in
            try db.run(
                """
                UPDATE missed_delivery SET attempt = attempt + 1, due_at = :next
                WHERE seq = :missed AND state = 'waiting'
                """, ["next": next, "missed": missed])
        }
    }

    /// It came after all, or never will.
    ///
    /// - Parameter loss: why it is not to be had; nil when it came
    package func settle(_ missed: Int64, loss: String?, at now: Instant) throws(StateError) {
        _ = try write("recording what became of a missed delivery", silently: true) { db in
            try db.run(
                """
                UPDATE missed_delivery SET state = :state, reason = :reason, settled_at = :now
                WHERE seq = :missed AND state = 'waiting'
                """,
                [
                    "state": loss == nil ? MissedDelivery.State.healed : .lost,
                    "reason": StoredText.capped(loss, limit: 1 << 10), "now": now, "missed": missed,
                ])
            let number: Int64? = try db.value(
                "SELECT registration FROM missed_delivery WHERE seq = :missed", ["missed": missed])
            if let number { try db.noteCompleteness(of: number, at: now) }
        }
    }
}

extension Database {
    /// Remembers when it became complete, or ceased to be.
    func noteCompleteness(of number: Int64, at now: Instant) throws {
        try run(
            """
            WITH found AS (
                SELECT CASE
                    WHEN EXISTS (SELECT 1 FROM missed_delivery WHERE registration = :number AND state = 'lost')
                        THEN 'incomplete'
                    WHEN looked_at IS NULL OR waiting > 0 AND sender_says IS NOT NULL
                        OR EXISTS (SELECT 1 FROM missed_delivery WHERE registration = :number AND state = 'waiting')
                        THEN 'unknown'
                    ELSE 'complete' END AS value
                FROM registration WHERE seq = :number)
            UPDATE registration SET completeness = (SELECT value FROM found), complete_since = :now
            WHERE seq = :number AND completeness IS NOT (SELECT value FROM found)
            """, ["number": number, "now": now])
    }
}
