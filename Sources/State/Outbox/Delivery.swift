import GRDB
import Spec
import Values

package enum DeliveryState: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
    case queued, sending, delivered
    /// The receiver refused for good.
    case failed
    /// Every attempt failed.
    case discarded
}

/// A result to be sent to a channel.
package struct NewDelivery: Sendable {
    package var channel: String
    /// What the channel's sender makes a request of.
    package var body: JSON
    package var maxAttempts: Int
    package var notBefore: Instant
    /// The `webhook-id` that the receiver knows repetitions by; the delivery's own id if left out.
    package var messageID: String?

    package init(
        channel: String, body: JSON, maxAttempts: Int = 8, notBefore: Instant, messageID: String? = nil
    ) {
        self.channel = channel
        self.body = body
        self.maxAttempts = max(maxAttempts, 1)
        self.notBefore = notBefore
        self.messageID = messageID
    }
}

/// A sending of a result to a channel, as it stands.
package struct Delivery: Sendable, Hashable {
    package let id: String
    package let run: String?
    /// As it was called at the end, or is called where it still waits.
    package let channel: String
    /// What that is called now, in lists.
    package fileprivate(set) var currentChannel: String
    package let state: DeliveryState
    /// Attempts begun.
    package let attempt: Int
    package let maxAttempts: Int
    package let notBefore: Instant
    package let messageID: String
    package let body: JSON
    package let createdAt: Instant
    package let finishedAt: Instant?
    package let lastError: String?
    /// The HTTP status of the last answer.
    package let responseStatus: Int?

    init(row: Row) throws {
        id = try row.get("id")
        run = try row.find("run_id")
        channel = try row.get("channel")
        currentChannel = channel
        state = try row.get("state")
        attempt = try row.get("attempt")
        maxAttempts = try row.get("max_attempts")
        notBefore = try row.get("not_before")
        messageID = try row.get("message_id")
        body = try row.get("body")
        createdAt = try row.get("created_at")
        finishedAt = try row.find("finished_at")
        lastError = try row.find("last_error")
        responseStatus = try row.find("response_status")
    }
}

extension Database {
    /// With what their channels are called now.
    func named(_ deliveries: [Delivery]) throws -> [Delivery] {
        let renamed: Int? = try value(
            "SELECT 1 FROM revision_change WHERE kind = :kind AND former_name IS NOT NULL LIMIT 1",
            ["kind": KindName.channel.rawValue])
        guard renamed != nil else { return deliveries }
        return try deliveries.map { delivery in
            // What waits goes along with a rename.
            guard let end = delivery.finishedAt else { return delivery }
            let revision: Int? = try value(
                "SELECT number FROM revision WHERE created_at <= :end ORDER BY number DESC LIMIT 1", ["end": end])
            var named = delivery
            named.currentChannel = try currentName(
                of: ResourceID(kind: .channel, name: delivery.channel), at: revision ?? 0)
            return named
        }
    }
}

/// A delivery that a sender has taken.
package struct ClaimedDelivery: Sendable, Hashable {
    package let delivery: Delivery
    package let lease: Lease
}

/// Which deliveries are asked for; every part that is there must hold.
package struct DeliveryFilter: Sendable, Hashable {
    package var run: String?
    package var channel: String?
    package var state: DeliveryState?

    package init(run: String? = nil, channel: String? = nil, state: DeliveryState? = nil) {
        self.run = run
        self.channel = channel
        self.state = state
    }
}
