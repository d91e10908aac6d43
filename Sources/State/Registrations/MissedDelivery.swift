import GRDB
import Spec
import Values

/// A delivery that did not come through, or a span of time of which nobody can tell.
package struct NewMissedDelivery: Sendable, Hashable {
    /// By which it is told from others: the sender's id that repetitions share.
    package let key: String
    /// What the sender is asked to send again by; nil for a span of time.
    package let remoteID: String?
    package let event: String?
    package let from: Instant
    package let to: Instant
    /// Why it can never be had; nil for what can be sent again.
    package let loss: String?

    /// One delivery, which is to be sent again.
    package init(key: String, remoteID: String, event: String, at instant: Instant) {
        (self.key, self.remoteID, self.event, from, to, loss) = (key, remoteID, event, instant, instant, nil)
    }

    /// A span of time that cannot be looked at any more.
    package init(from: Instant, to: Instant, loss: String) {
        key = "span \(from.milliseconds)"
        (remoteID, event, self.from, self.to, self.loss) = (nil, nil, from, max(from, to), loss)
    }
}

package struct MissedDelivery: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
        /// It is being sent again.
        case waiting
        /// It came after all.
        case healed
        /// It is not to be had.
        case lost
    }

    package let number: Int64
    package let registration: Int64
    package let key: String
    package let remoteID: String?
    package let event: String?
    package let from: Instant
    package let to: Instant
    package let state: State
    /// How often it was asked for.
    package let attempt: Int
    package let dueAt: Instant
    package let reason: String?

    init(row: Row) throws {
        number = try row.get("seq")
        registration = try row.get("registration")
        key = try row.get("key")
        remoteID = try row.find("remote_id")
        event = try row.find("event")
        from = try row.get("from_at")
        to = try row.get("to_at")
        state = try row.get("state")
        attempt = try row.get("attempt")
        dueAt = try row.get("due_at")
        reason = try row.find("reason")
    }
}

/// What was missed by one webhook, in numbers.
package struct MissedCounts: Sendable, Hashable {
    package var counts: [MissedDelivery.State: Int] = [:]
    /// The last one that is not to be had.
    package var lastLoss: MissedDelivery?

    package init() {}

    package subscript(state: MissedDelivery.State) -> Int { counts[state] ?? 0 }
}

extension StateReader {
    /// Those that wait, the earliest due first.
    package func missedDeliveries(
        waitingAt number: Int64, limit: Int
    ) throws(StateError) -> [MissedDelivery] {
        try read("reading what was missed") { db in
            try db.rows(
                """
                SELECT * FROM missed_delivery WHERE registration = :number AND state = 'waiting'
                ORDER BY due_at, seq LIMIT :limit
                """, ["number": number, "limit": max(limit, 0)]
            )
            .map(MissedDelivery.init(row:))
        }
    }

    /// Those of a resource that are not to be had, newest first.
    package func lostDeliveries(of id: ResourceID, limit: Int) throws(StateError) -> [MissedDelivery] {
        try read("reading what was missed of \(id)") { db in
            try db.rows(
                """
                SELECT m.* FROM missed_delivery m JOIN registration r ON r.seq = m.registration
                WHERE r.kind = :kind AND r.name = :name AND m.state = 'lost'
                ORDER BY m.to_at DESC, m.seq DESC LIMIT :limit
                """, id.arguments.merging(["limit": max(limit, 0)]) { _, own in own }
            )
            .map(MissedDelivery.init(row:))
        }
    }

    /// By the number of the registration.
    package func missedCounts() throws(StateError) -> [Int64: MissedCounts] {
        try read("counting what was missed") { db in
            var all: [Int64: MissedCounts] = [:]
            let counts = try db.rows(
                "SELECT registration, state, count(*) AS n FROM missed_delivery GROUP BY registration, state")
            for row in counts {
                all[try row.get("registration"), default: MissedCounts()].counts[try row.get("state")] =
                    try row.get("n")
            }
            let losses = try db.rows(
                """
                SELECT * FROM missed_delivery m WHERE state = 'lost' AND seq = (
                    SELECT seq FROM missed_delivery WHERE registration = m.registration AND state = 'lost'
                    ORDER BY to_at DESC, seq DESC LIMIT 1)
                """
            )
            .map(MissedDelivery.init(row:))
            for loss in losses { all[loss.registration, default: MissedCounts()].lastLoss = loss }
            return all
        }
    }
}
