import Logging
import Spec
import State
import Values

/// GitHub never sends again by itself what could not be delivered: it is asked to.
extension Registrar {
    /// How long GitHub keeps deliveries that can be sent again.
    private static let retention = Duration.seconds(3 * 86_400)
    /// By how much looks overlap: a delivery is listed when its time is up.
    private static let overlap = Duration.seconds(600)
    /// Pages of a hundred tries.
    private static let pages = 100
    /// Deliveries that are asked for at one look.
    private static let batch = 50
    /// Waits after asking for a delivery.
    private static let waits: [Duration] = [.seconds(60), .seconds(600), .seconds(3_600)]

    /// Records, before anything is put right, that nobody can tell what happened since the last look.
    func noteGap(_ row: Registration, _ loss: String) throws(StateError) {
        let now = clock.now()
        guard let last = row.lookedAt, last < now else { return }
        try store.looked(
            row.number, missed: [NewMissedDelivery(from: last, to: now, loss: loss)], through: nil, at: now)
        logger.warning("events may be lost: \(loss)", metadata: metadata(row))
    }

    func heal(_ row: Registration, _ hook: GitHubHook, _ api: GitHubHooks) async throws {
        let now = clock.now()
        if let last = row.lookedAt {
            try await look(row, hook, api, since: last, now)
        } else {
            // What came before it was ours is not missed.
            try store.looked(row.number, missed: [], through: now, at: now)
        }
        try await askAgain(row, hook, api)
    }

    private func look(
        _ row: Registration, _ hook: GitHubHook, _ api: GitHubHooks, since last: Instant, _ now: Instant
    ) async throws {
        let oldest = now.advanced(by: .zero - Self.retention)
        var missed: [NewMissedDelivery] = []
        if last < oldest {
            missed.append(
                NewMissedDelivery(
                    from: last, to: oldest,
                    loss: "nobody looked in time: GitHub sends again what is at most three days old"))
        }
        // Where the last look was made by a clock that was ahead, nobody knows when that was.
        let start = last > now ? oldest : max(last.advanced(by: .zero - Self.overlap), oldest)
        let (deliveries, isComplete) = try await api.deliveries(of: hook.id, since: start, pages: Self.pages)
        if !isComplete, let reached = deliveries.map(\.at).min() {
            missed.append(
                NewMissedDelivery(
                    from: start, to: reached,
                    loss: "there were more than \(deliveries.count) deliveries since: those before were not looked at"))
        }
        // The inbox alone tells. GitHub may have given up waiting for an answer to what was stored, and what it had an
        // answer to is not here when an older backup was restored, or when somebody in between answered.
        let listed = deliveries.byDelivery
        let missing = try store.reader.missingEvents(listed.map(\.key), at: try endpoints(of: row))
        missed += listed.filter { missing.contains($0.key) }
        try store.looked(row.number, missed: missed, through: now, at: now)
        if !missed.isEmpty {
            var metadata = metadata(row)
            metadata["deliveries"] = .stringConvertible(missed.count)
            logger.warning("GitHub has deliveries that did not come", metadata: metadata)
        }
    }

    /// Has sent again what is due, and sees what came of it.
    private func askAgain(_ row: Registration, _ hook: GitHubHook, _ api: GitHubHooks) async throws {
        let now = clock.now()
        let due = try store.reader.missedDeliveries(waitingAt: row.number, limit: Self.batch)
            .filter { $0.dueAt <= now }
        let missing = try store.reader.missingEvents(due.map(\.key), at: try endpoints(of: row))
        for delivery in due {
            guard missing.contains(delivery.key) else {
                try store.settle(delivery.number, loss: nil, at: clock.now())
                continue
            }
            guard delivery.attempt < Self.waits.count, let id = delivery.remoteID else {
                try lose(delivery, row, "GitHub sent it \(delivery.attempt) times more, and it was never taken")
                continue
            }
            do throws(SenderProblem) {
                try await api.redeliver(id, of: hook.id)
            } catch {
                guard error.code == .missing || error.code == .unprocessable else { throw error }
                try lose(delivery, row, "GitHub does not send it again: \(error.message)")
                continue
            }
            try store.askedAgain(
                delivery.number, next: clock.now().advanced(by: Self.waits[min(delivery.attempt, Self.waits.count - 1)])
            )
        }
    }

    private func lose(_ delivery: MissedDelivery, _ row: Registration, _ loss: String) throws(StateError) {
        try store.settle(delivery.number, loss: loss, at: clock.now())
        var metadata = metadata(row)
        metadata["delivery"] = "\(delivery.key)"
        logger.error("an event is lost: \(loss)", metadata: metadata)
    }

    /// Of the inbox, under all names that the Repository had.
    private func endpoints(of row: Registration) throws(StateError) -> [String] {
        ([row.id.name] + (try store.reader.formerNames(of: row.id))).map { "repository/\($0)" }
    }

    /// The next look, sooner where a delivery is waited for.
    func nextLook(at row: Registration) throws(StateError) -> Instant {
        let regular = clock.now().advanced(by: RegistrarSettings.interval)
        let waiting = try store.reader.missedDeliveries(waitingAt: row.number, limit: 1).first
        return min(regular, waiting?.dueAt ?? regular)
    }
}
