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
    let circuits: CircuitBreakers?

    /// - Parameter circuits: those of the client that executes: runs that need a host which is left alone wait
    package init(
        store: StateStore, catalogs: AppliedCatalog, executor: any RunExecuting, clock: any RuntimeClock,
        random: @escaping @Sendable () -> Double, metrics: RuntimeMetrics, logger: Logger,
        circuits: CircuitBreakers? = nil
    ) {
        self.circuits = circuits
        self.store = store
        self.catalogs = catalogs
        self.executor = executor
        self.clock = clock
        self.random = random
        self.metrics = metrics
        self.logger = logger
    }

    private var recording: PatientRecord { PatientRecord(clock: clock, logger: logger) }

    /// What is told about runs that are over.
    var messages: RunMessages { RunMessages(reader: store.reader, catalogs: catalogs, clock: clock, logger: logger) }

    /// Executes the run on the revision that it began with (DESIGN.md rule 7) and records what came of it.
    package func perform(_ claimed: ClaimedRun) async {
        let run = claimed.run
        do {
            guard let revision = try catalogs.at(run.revision) else {
                await record(RunEnd(.failed, error: "revision \(run.revision) is not recorded any more"), of: claimed)
                return
            }
            // All that may fail is read before anything is done that cannot be done twice.
            let trigger = try run.trigger.flatMap { try revision.trigger(named: $0) }
            let facts = try store.reader.facts(of: run, input: claimed.input)
            let work = RunWork(
                run, input: claimed.input, facts: facts, catalog: revision.catalog, triggerSpec: trigger,
                providers: revision.providers)
            let recorder = LeasedRecorder(store: store, lease: claimed.lease, recording: recording)
            let end = RunEnd(await executor.execute(work, recorder: recorder))
            // Whoever had the attempt given up says what becomes of the run.
            if Task.isCancelled, end.isRetryable { return }
            await record(end, retryAt: retryTime(of: run, after: end, trigger), of: claimed)
        } catch {
            // The lease runs out, and the run is found again.
            logger.error("a run could not be begun: \(error)", metadata: ["run": "\(run.id)"])
        }
    }

    /// When to try again; `nil` if that was all.
    private func retryTime(of run: Run, after end: RunEnd, _ trigger: Trigger?) -> Instant? {
        guard end.isRetryable else { return nil }
        let policy = RetryPolicy(
            // Who is asked to wait has another attempt in any case: the state says when that is enough.
            maxAttempts: run.maxAttempts + (end.retryAfter == nil ? 0 : 1),
            backoff: trigger?.retry.backoff ?? Trigger.Retry.standard.backoff)
        // Spread over the whole of the wait: what failed together does not come back together (fault E92).
        let delay = policy.delay(afterAttempt: run.attempt, random: random(), retryAfter: end.retryAfter)
        return delay.map { clock.now().advanced(by: $0) }
    }

    private func record(_ end: RunEnd, retryAt: Instant? = nil, of claimed: ClaimedRun) async {
        do {
            let outcome = try await recording("the end of a run") { () throws(StateError) in
                try record(end, retryAt: retryAt, claimed.lease)
            }
            note(outcome, end, claimed)
        } catch  where error.code == .staleLease {
            metrics.count { $0.attempts["superseded", default: 0] += 1 }
            logger.info("\(error.message)", metadata: ["run": "\(claimed.run.id)"])
        } catch {
            logger.error("the end of a run was not recorded: \(error)", metadata: ["run": "\(claimed.run.id)"])
        }
    }

    private func record(_ end: RunEnd, retryAt: Instant?, _ lease: Lease) throws(StateError) -> String {
        let now = clock.now()
        if end.isRetryable {
            let outcome = try store.retryLater(
                lease, error: end.error ?? "", notBefore: retryAt ?? now, isSnooze: end.retryAfter != nil,
                usage: end.usage, at: now,
                messages: messages.deliveries)
            switch outcome {
            case .queued: return "retried"
            case .snoozed: return "snoozed"
            case .discarded: return RunState.discarded.rawValue
            case .unknown: return RunState.unknown.rawValue
            }
        }
        try store.complete(lease, end.outcome, at: now, messages: messages.deliveries)
        return end.state.rawValue
    }

    private func note(_ outcome: String, _ end: RunEnd, _ claimed: ClaimedRun) {
        metrics.count { $0.attempts[outcome, default: 0] += 1 }
        let metadata: Logger.Metadata = [
            "run": "\(claimed.run.id)", "outcome": "\(outcome)", "attempt": .stringConvertible(claimed.run.attempt),
        ]
        if let error = end.error {
            logger.warning("a run's attempt failed: \(error)", metadata: metadata)
        } else {
            logger.info("a run ended", metadata: metadata)
        }
    }
}

/// Records steps while the lease lasts; throws when it was taken away, so that the work ends.
private struct LeasedRecorder: StepRecorder {
    let store: StateStore
    let lease: Lease
    let recording: PatientRecord

    func record(_ step: Step) async throws {
        try await recording("a step") { () throws(StateError) in try store.record(step, of: lease) }
    }
}
