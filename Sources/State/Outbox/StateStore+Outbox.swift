import GRDB
import Values

extension StateStore {
    /// Keeps a delivery for longer.
    package func renewDelivery(_ lease: Lease, until: Instant) throws(StateError) {
        try write("renewing the lease of a delivery", isWork: true, isUrgent: true) { db in
            let count = try db.run(
                "UPDATE delivery SET lease_until = :until WHERE \(Lease.fence)",
                lease.arguments.merging(["until": until]) { _, own in own })
            if count == 0 { throw lease.stale }
        }
    }

    /// The receiver has it.
    package func delivered(_ lease: Lease, status: Int?, at now: Instant) throws(StateError) {
        try write("recording a delivery", isWork: true, isUrgent: true) { db in
            try db.end(lease, state: .delivered, error: nil, status: status, at: now)
        }
    }

    /// The receiver refused it in a way that repeating does not help.
    package func failDelivery(_ lease: Lease, error: String, status: Int?, at now: Instant) throws(StateError) {
        try write("recording a refused delivery", isWork: true, isUrgent: true) { db in
            try db.end(lease, state: .failed, error: error, status: status, at: now)
        }
    }

    /// To be sent again, if there are attempts left.
    package func retryDelivery(
        _ lease: Lease, error: String, status: Int?, notBefore: Instant, at now: Instant
    ) throws(StateError) -> RetryOutcome {
        try write("recording a failed delivery", isWork: true, isUrgent: true) { db in
            let row = try db.row(
                "SELECT attempt, max_attempts FROM delivery WHERE \(Lease.fence)", lease.arguments)
            guard let row else { throw lease.stale }
            if try row.get("attempt") as Int >= row.get("max_attempts") {
                try db.end(lease, state: .discarded, error: error, status: status, at: now)
                return .discarded
            }
            try db.end(lease, state: .queued, error: error, status: status, at: now, notBefore: notBefore)
            return .queued
        }
    }

    /// Gives a delivery back as if it had not been taken.
    ///
    /// - Parameters:
    ///   - notBefore: when it may be taken again; at once without
    ///   - error: why it was not sent
    package func releaseDelivery(
        _ lease: Lease, notBefore: Instant? = nil, error: String? = nil
    ) throws(StateError) {
        try write("releasing a delivery", isWork: true, isUrgent: true) { db in
            let count = try db.run(
                """
                UPDATE delivery SET state = 'queued', attempt = attempt - 1, lease_owner = NULL, lease_until = NULL,
                    not_before = coalesce(:notBefore, not_before), last_error = coalesce(:error, last_error)
                WHERE \(Lease.fence)
                """,
                lease.arguments.merging([
                    "notBefore": notBefore, "error": StoredText.capped(error, limit: 8 << 10),
                ]) { _, own in own })
            if count == 0 { throw lease.stale }
        }
    }

    func insert(_ delivery: NewDelivery, run: String?, at now: Instant, in db: Database) throws {
        try StoredText.check(delivery.body, "the delivery's body")
        let id = identifiers.next("dlv")
        try db.run(
            """
            INSERT INTO delivery (id, run_id, channel, state, max_attempts, not_before, message_id, body, created_at)
            VALUES (:id, :run, :channel, 'queued', :maxAttempts, :notBefore, :messageID, :body, :now)
            """,
            [
                "id": id, "run": run, "channel": delivery.channel, "maxAttempts": delivery.maxAttempts,
                "notBefore": delivery.notBefore, "messageID": delivery.messageID ?? id, "body": delivery.body,
                "now": now,
            ])
    }
}

extension StateReader {
    package func delivery(_ id: String) throws(StateError) -> Delivery? {
        try read("reading a delivery") { db in
            try db.row("SELECT * FROM delivery WHERE id = :id", ["id": id]).map(Delivery.init(row:))
        }
    }

    package func deliveries(
        _ page: Page = Page(), _ filter: DeliveryFilter = DeliveryFilter()
    ) throws(StateError) -> PageOf<Delivery> {
        var conditions = Conditions()
        conditions.add("run_id", filter.run)
        conditions.add("channel", filter.channel)
        conditions.add("state", filter.state)
        return try read("reading the deliveries") { db in
            let found = try db.page(
                page, from: "delivery", where: conditions.texts, conditions.arguments, item: Delivery.init(row:))
            return PageOf(items: try db.named(found.items), next: found.next)
        }
    }
}

extension Database {
    func end(
        _ lease: Lease, state: DeliveryState, error: String?, status: Int?, at now: Instant,
        notBefore: Instant? = nil
    ) throws {
        let count = try run(
            """
            UPDATE delivery SET state = :state, last_error = :error, response_status = :status, lease_owner = NULL,
                lease_until = NULL, not_before = coalesce(:notBefore, not_before),
                finished_at = CASE :state WHEN 'queued' THEN NULL ELSE :now END
            WHERE \(Lease.fence)
            """,
            lease.arguments.merging([
                "state": state, "error": StoredText.capped(error, limit: 8 << 10), "status": status,
                "notBefore": notBefore, "now": now,
            ]) { _, own in own })
        if count == 0 { throw lease.stale }
    }
}
