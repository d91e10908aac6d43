import Agents
import Logging
import Outbound
import Spec
import State
import Values

/// Takes one claimed run from its claim to its recorded end: also what `writ run` does without `writ serve`.
package struct RunWorker: Sendable {
    let store: StateStore
    let catalogs: AppliedCatalog
    let executor: any RunExecuting
    let clock: any RuntimeClock
    /// 0 to 1.
    let random: @Sendable () -> Double
    let metrics: RuntimeMetrics
    let logger: Logger

    /// Tries to record an end while the state cannot take it.
    private static let recordingTries = 10

    package init(
        store: StateStore, catalogs: AppliedCatalog, executor: any RunExecuting, clock: any RuntimeClock,
        random: @escaping @Sendable () -> Double, metrics: RuntimeMetrics, logger: Logger
    ) {
        self.store = store
        self.catalogs = catalogs
        self.executor = executor
        self.clock = clock
        self.random = random
        self.metrics = metrics
        self.logger = logger
    }

    /// Executes the run on the revision that it began with (DESIGN.md rule 7) and records what came of it.
    package func perform(_ claimed: ClaimedRun) async {
        let run = claimed.run
        do {
            guard let revision = try catalogs.at(run.revision) else {
                let end = RunEnd(.failed, error: "revision \(run.revision) is not recorded any more")
                await record(try ending(end, claimed, nil, facts: [:]), of: claimed)
                return
            }
            let facts = try store.reader.facts(of: run, input: claimed.input)
            let work = RunWork(run, input: claimed.input, facts: facts, catalog: revision.catalog)
            let result = await executor.execute(
                work, recorder: LeasedRecorder(store: store, lease: claimed.lease))
            await record(try ending(RunEnd(result), claimed, revision, facts: facts), of: claimed)
        } catch {
            // The lease runs out, and the run is found again.
            logger.error("a run could not be begun: \(error)", metadata: ["run": "\(run.id)"])
        }
    }

    /// What is to be recorded, with the messages about it.
    private func ending(
        _ end: RunEnd, _ claimed: ClaimedRun, _ revision: RevisionInForce?, facts: JSON
    ) throws(StateError) -> RunEnding {
        let run = claimed.run
        let trigger = run.trigger.flatMap { revision?.catalog.spec(Trigger.self, named: $0) }
        var end = end
        var notBefore: Instant?
        if end.isRetryable {
            let policy = RetryPolicy(
                maxAttempts: run.maxAttempts, backoff: trigger?.retry.backoff ?? Trigger.Retry.standard.backoff)
            // Half of the wait is sure, half is spread (fault E92).
            let delay = policy.delay(
                afterAttempt: run.attempt, random: 0.5 + random() / 2, retryAfter: end.retryAfter)
            notBefore = delay.map { clock.now().advanced(by: $0) }
            if notBefore == nil { end.state = .discarded }
        }
        var deliveries: [NewDelivery] = []
        if notBefore == nil, let trigger, let revision {
            let message = DeliveryMessage(run: run, end: end, facts: facts, at: clock.now())
            deliveries = message.deliveries(to: trigger.deliver, in: revision.catalog, logger)
        }
        return RunEnding(end: end, notBefore: notBefore, deliveries: deliveries)
    }

    /// Waits out a full disk: the work is done, and only its record is missing.
    private func record(_ ending: RunEnding, of claimed: ClaimedRun) async {
        for attempt in 1...Self.recordingTries {
            do {
                note(try record(ending, claimed.lease), ending, claimed)
                return
            } catch  where error.code == .staleLease {
                metrics.count { $0.attempts["superseded", default: 0] += 1 }
                logger.info("\(error)", metadata: ["run": "\(claimed.run.id)"])
                return
            } catch  where error.isTransient && attempt < Self.recordingTries {
                logger.warning("the end of a run cannot be recorded yet: \(error)")
                let pause = clock.now().advanced(by: .seconds(3))
                guard (try? await clock.sleep(until: pause)) != nil else { return }
            } catch {
                logger.error("the end of a run was not recorded: \(error)", metadata: ["run": "\(claimed.run.id)"])
                return
            }
        }
    }

    private func record(_ ending: RunEnding, _ lease: Lease) throws(StateError) -> String {
        let now = clock.now()
        let end = ending.end
        if end.isRetryable {
            let outcome = try store.retryLater(
                lease, error: end.error ?? "", notBefore: ending.notBefore ?? now, usage: end.usage,
                deliveries: ending.deliveries, at: now)
            return outcome == .queued ? "retried" : RunState.discarded.rawValue
        }
        try store.complete(lease, end.outcome, deliveries: ending.deliveries, at: now)
        return end.state.rawValue
    }

    private func note(_ outcome: String, _ ending: RunEnding, _ claimed: ClaimedRun) {
        metrics.count { $0.attempts[outcome, default: 0] += 1 }
        let metadata: Logger.Metadata = [
            "run": "\(claimed.run.id)", "outcome": "\(outcome)", "attempt": "\(claimed.run.attempt)",
        ]
        if let error = ending.end.error {
            logger.warning("a run's attempt failed: \(error)", metadata: metadata)
        } else {
            logger.info("a run ended", metadata: metadata)
        }
    }
}

/// The end of an attempt and what goes with it.
private struct RunEnding {
    let end: RunEnd
    /// When to try again; `nil` if that was all.
    let notBefore: Instant?
    let deliveries: [NewDelivery]
}

/// Records steps while the lease lasts; throws when it was taken away, so that the work ends.
private struct LeasedRecorder: StepRecorder {
    let store: StateStore
    let lease: Lease

    func record(_ step: Step) throws {
        try store.record(step, of: lease)
    }
}
