import Logging
import Outbound
import ServiceLifecycle
import State
import Values

/// Works off the queue of runs.
package struct Workers: Service {
    private let queue: RunQueue
    private let limits: WorkLimits

    /// - Parameters:
    ///   - owner: this process; no other start of writ has the same
    package init(_ worker: RunWorker, owner: String, limits: WorkLimits = WorkLimits()) {
        queue = RunQueue(worker: worker, owner: owner, lease: limits.lease)
        self.limits = limits
    }

    /// Runs until the service is told to shut down; then takes no more, lets running work end within the grace period
    /// and gives the rest back (fault E93).
    package func run() async throws {
        try await WorkLoop(queue, limits, queue.worker.clock, queue.worker.logger).run()
    }
}

struct RunQueue: WorkQueue {
    let worker: RunWorker
    let owner: String
    let lease: Duration

    let noun = "runs"
    let table = WorkTable.runs
    var store: StateStore { worker.store }

    func claim(limit: Int, now: Instant) throws(StateError) -> [ClaimedRun] {
        let revision = try worker.catalogs.current()
        let allowances = HostAllowances(worker.circuits, revision)
        return try store.claim(now: now, owner: owner, leaseFor: lease, limit: limit) { target in
            guard let revision else { return 1 }
            // A run whose provider is busy would keep a place that runs of others can use. The steps of those before
            // it wake this loop again.
            if let provider = target.agent.flatMap({ revision.provider(of: $0) }),
                worker.executor.isSaturated(provider: revision.identity(ofProvider: provider))
            {
                return 0
            }
            return min(revision.concurrency(of: target), allowances.of(target: target))
        }
    }

    func perform(_ item: ClaimedRun) async { await worker.perform(item) }

    func resumes(after now: Instant) -> Instant? { worker.circuits?.nextProbe(after: now) }

    func renew(_ item: ClaimedRun, now: Instant) throws(StateError) -> Bool {
        do {
            try store.renew(item.lease, until: now.advanced(by: lease))
            return true
        } catch  where error.code == .staleLease {
            return false
        }
    }

    func isHeld(_ item: ClaimedRun) throws(StateError) -> Bool {
        try store.reader.holds(item.lease)
    }

    /// A run that called a tool whose effects must not be repeated is not begun again (fault E96).
    func giveBack(_ item: ClaimedRun) {
        let metadata: Logger.Metadata = ["run": "\(item.run.id)", "attempt": .stringConvertible(item.run.attempt)]
        do {
            switch try store.release(item.lease, at: worker.clock.now(), messages: worker.messages.deliveries) {
            case .queued:
                worker.metrics.count { $0.attempts["released", default: 0] += 1 }
                worker.logger.notice("given back: the next start goes on with this run", metadata: metadata)
            case .unknown:
                worker.metrics.count { $0.attempts[RunState.unknown.rawValue, default: 0] += 1 }
                worker.logger.warning(
                    "stopped after a tool with side effects was called: look at the run's steps", metadata: metadata)
            }
        } catch  where error.code == .staleLease {
            // It has just ended.
        } catch {
            worker.logger.error("a run could not be given back: \(error)", metadata: metadata)
        }
    }

    func tidy(now: Instant, except held: [ClaimedRun]) throws(StateError) {
        let work = try store.recoverOrphans(
            owner: owner, now: now, except: held.map(\.lease), messages: worker.messages.deliveries)
        guard !work.isEmpty else { return }
        worker.logger.warning(
            "work of an ended process was found",
            metadata: [
                "requeued": .stringConvertible(work.requeued.count),
                "discarded": .stringConvertible(work.discarded.count),
                "unknown": .stringConvertible(work.unknown.count),
            ])
    }

    func note(active: Int, stuck: Int) {
        worker.metrics.count { counts in
            counts.runsActive = active
            counts.stuck += stuck
        }
    }
}
