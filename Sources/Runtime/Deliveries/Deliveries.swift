import Logging
import Outbound
import ServiceLifecycle
import Spec
import State
import Synchronization
import Values

/// Sends what the outbox holds.
package struct Deliveries: Service {
    private let queue: DeliveryQueue
    private let limits: WorkLimits

    /// - Parameters:
    ///   - client: the only way out; its address policy comes from the channel
    ///   - owner: this process; no other start of writ has the same
    ///   - circuits: the client's, by which messages to a host that is left alone wait
    ///   - random: 0 to 1
    package init(
        store: StateStore, catalogs: AppliedCatalog, client: OutboundClient, secrets: @escaping SecretLookup,
        clock: any RuntimeClock, owner: String, limits: WorkLimits = WorkLimits(concurrency: 8),
        circuits: CircuitBreakers? = nil, random: @escaping @Sendable () -> Double, metrics: RuntimeMetrics,
        logger: Logger
    ) {
        queue = DeliveryQueue(
            store: store, catalogs: catalogs,
            sender: ChannelSender(
                client: client, secrets: secrets, clock: clock,
                answers: SlackAnswers(client: client, reader: store.reader, clock: clock)), clock: clock, owner: owner,
            lease: limits.lease, circuits: circuits, random: random, metrics: metrics, logger: logger)
        self.limits = limits
    }

    /// Runs until the service is told to shut down; sendings under way may end within the grace period.
    package func run() async throws {
        try await WorkLoop(queue, limits, queue.clock, queue.logger).run()
    }
}

struct DeliveryQueue: WorkQueue {
    let noun = "deliveries"
    let table = WorkTable.deliveries
    let store: StateStore
    let catalogs: AppliedCatalog
    let sender: ChannelSender
    let clock: any RuntimeClock
    let owner: String
    let lease: Duration
    let circuits: CircuitBreakers?
    let random: @Sendable () -> Double
    let metrics: RuntimeMetrics
    let logger: Logger
    private let turn = ChannelTurn()

    /// Messages under way to one channel: a receiver that hangs leaves places to others.
    static let channelLimit = 4

    func claim(limit: Int, now: Instant) throws(StateError) -> [ClaimedDelivery] {
        let allowances = HostAllowances(circuits, try catalogs.current())
        let claimed = try store.claimDeliveries(
            now: now, owner: owner, leaseFor: lease, limit: limit, after: turn.last,
            concurrency: { min(Self.channelLimit, allowances.of(channel: $0)) })
        if let last = claimed.last { turn.end(last.delivery.channel) }
        return claimed
    }

    func perform(_ item: ClaimedDelivery) async {
        do {
            // The channel as it is now: an address that was put right counts for what still waits.
            let (name, catalog) = try place(of: item)
            let digest = catalog?[Channel.id(name)]?.digest
            let result: SendingResult
            if let digest, let closed = try store.reader.closedChannel(name, digest: digest) {
                result = .refused(
                    error: "the receiver answered 410 on \(closed.since.rfc3339), and wants no more messages:"
                        + " nothing is sent until the channel is changed", status: nil)
            } else {
                result = await sender.send(item.delivery, to: catalog?.spec(Channel.self, named: name))
            }
            // Whoever had the sending given up gives it back.
            if Task.isCancelled, case .failed = result { return }
            let outcome = try await PatientRecord(clock: clock, logger: logger)("the end of a delivery") {
                () throws(StateError) in
                try record(result, digest, item)
            }
            note(outcome, result, item)
        } catch  where error.code == .staleLease {
            metrics.count { $0.deliveries["superseded", default: 0] += 1 }
        } catch {
            // The lease runs out, and it is sent again under the same id.
            logger.error("a delivery was not recorded: \(error)", metadata: ["delivery": "\(item.delivery.id)"])
        }
    }

    /// The channel's name and the catalog that has it, which may have been renamed since the delivery was taken.
    private func place(of item: ClaimedDelivery) throws(StateError) -> (name: String, catalog: Catalog?) {
        let catalog = try catalogs.current()?.catalog
        if catalog?.contains(Channel.id(item.delivery.channel)) == true { return (item.delivery.channel, catalog) }
        let name = try store.reader.delivery(item.delivery.id)?.channel ?? item.delivery.channel
        return (name, try catalogs.current()?.catalog)
    }

    /// - Parameter digest: of the channel's manifest
    private func record(
        _ result: SendingResult, _ digest: Digest?, _ item: ClaimedDelivery
    ) throws(StateError) -> String {
        let now = clock.now()
        switch result {
        case .delivered(let status):
            try store.delivered(item.lease, status: status, at: now)
            return DeliveryState.delivered.rawValue
        case .refused(let error, let status):
            try store.failDelivery(item.lease, error: error, status: status, at: now)
            return DeliveryState.failed.rawValue
        case .gone(let error, let status):
            if let digest {
                try store.closeChannel(by: item.lease, digest: digest, error: error, status: status, at: now)
                logger.error(
                    "a channel is closed: its receiver wants no more messages; change its address to send again",
                    metadata: ["channel": "\(item.delivery.channel)"])
            } else {
                try store.failDelivery(item.lease, error: error, status: status, at: now)
            }
            return DeliveryState.failed.rawValue
        case .failed(let error, let status, let retryAfter, let until):
            let schedule: DeliverySchedule = until == nil ? .standard : .slackResponse
            let next = now.advanced(
                by: schedule.delay(afterAttempt: item.lease.attempt, random: random(), retryAfter: retryAfter))
            if let until, next >= until {
                try store.failDelivery(
                    item.lease, error: "\(error); no answer is taken after \(until.rfc3339)", status: status, at: now)
                return DeliveryState.failed.rawValue
            }
            let outcome = try store.retryDelivery(
                item.lease, error: error, status: status, notBefore: next, at: now)
            return outcome == .queued ? "retried" : DeliveryState.discarded.rawValue
        case .postponed(let error, let wait):
            try store.releaseDelivery(item.lease, notBefore: now.advanced(by: wait), error: error)
            return "postponed"
        }
    }

    private func note(_ outcome: String, _ result: SendingResult, _ item: ClaimedDelivery) {
        metrics.count { $0.deliveries[outcome, default: 0] += 1 }
        let metadata: Logger.Metadata = [
            "delivery": "\(item.delivery.id)", "channel": "\(item.delivery.channel)", "outcome": "\(outcome)",
            "attempt": .stringConvertible(item.lease.attempt),
        ]
        switch result {
        case .delivered: logger.info("a message was delivered", metadata: metadata)
        case .postponed(let error, _):
            logger.info("a message has to wait: \(error)", metadata: metadata)
        case .refused(let error, _), .gone(let error, _), .failed(let error, _, _, _):
            logger.warning("a message was not delivered: \(error)", metadata: metadata)
        }
    }

    func resumes(after now: Instant) -> Instant? { circuits?.nextProbe(after: now) }

    func renew(_ item: ClaimedDelivery, now: Instant) throws(StateError) -> Bool {
        do {
            try store.renewDelivery(item.lease, until: now.advanced(by: lease))
            return true
        } catch  where error.code == .staleLease {
            return false
        }
    }

    func isHeld(_ item: ClaimedDelivery) -> Bool { true }

    func giveBack(_ item: ClaimedDelivery) {
        do {
            try store.releaseDelivery(item.lease)
            metrics.count { $0.deliveries["released", default: 0] += 1 }
        } catch  where error.code == .staleLease {
            // It has just ended.
        } catch {
            logger.error("a delivery could not be given back: \(error)", metadata: ["delivery": "\(item.delivery.id)"])
        }
    }

    func tidy(now: Instant, except held: [ClaimedDelivery]) throws(StateError) {
        let found = try store.recoverDeliveries(owner: owner, now: now, except: held.map(\.lease))
        guard !found.isEmpty else { return }
        logger.warning(
            "sendings of an ended process were found", metadata: ["deliveries": .stringConvertible(found.count)])
    }

    func note(active: Int, stuck: Int) {
        metrics.count { counts in
            counts.deliveriesActive = active
            counts.stuck += stuck
        }
    }
}

/// Which channel was served last.
private final class ChannelTurn: Sendable {
    private let channel = Mutex<String?>(nil)

    var last: String? { channel.withLock { $0 } }

    func end(_ name: String) { channel.withLock { $0 = name } }
}
