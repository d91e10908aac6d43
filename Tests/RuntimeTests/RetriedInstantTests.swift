import Agents
import Runtime
import State
import TestSupport
import Testing
import Values

/// Missed instants that somebody retries, beside what their schedule does meanwhile.
@Suite(.timeLimit(.minutes(2))) struct RetriedInstantTests: WorkersSuite {
    let fixture: RuntimeFixture

    init() throws {
        fixture = try RuntimeFixture(Self.manifests("Forbid"))
    }

    private static func manifests(_ policy: String, catchUp: String = "none") -> String {
        RuntimeFixture.manifests(
            RuntimeFixture.trigger(
                "timed",
                """
                schedule: {cron: '*/10 * * * *', catchUp: \(catchUp), concurrencyPolicy: \(policy)}
                input: "{{event}} of {{payload.scheduledAt}}, {{scheduledAt}}"
                """))
    }

    /// Records what was missed, and retries each of it.
    @discardableResult
    private func retryMissed(_ count: Int, on fixture: RuntimeFixture) throws -> [Run] {
        let row = try fixture.miss(count)
        _ = try RunRetries(store: fixture.store, zones: RuntimeFixture.zones).retry(
            row.id, .all, repeatingEffects: false, actor: "ada", at: fixture.clock.now())
        return try fixture.runs(.queued)
    }

    private func claim(_ fixture: RuntimeFixture) throws -> [ClaimedRun] {
        try fixture.store.claim(
            now: fixture.clock.now(), owner: "w", leaseFor: .seconds(60), limit: 9, concurrency: { _ in 9 })
    }

    private func end(_ claimed: ClaimedRun, on fixture: RuntimeFixture) throws {
        try fixture.store.complete(
            claimed.lease, RunOutcome(.succeeded, output: "done"), at: fixture.clock.now())
    }

    private func scheduler(_ fixture: RuntimeFixture) -> Scheduler {
        Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: RuntimeFixture.zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    @Test(arguments: ["Forbid", "Replace"])
    func `retried instants of one trigger run one after another, in order`(_ policy: String) throws {
        let fixture = try RuntimeFixture(Self.manifests(policy))
        try retryMissed(4, on: fixture)
        for time in ["00:10:00", "00:20:00", "00:30:00", "00:40:00"] {
            let claimed = try claim(fixture)
            #expect(claimed.map(\.run.scheduledAt) == [.at(time)])
            #expect(try claim(fixture).isEmpty)
            try end(try #require(claimed.first), on: fixture)
        }
        #expect(try fixture.runs(.succeeded).count == 4)
    }

    @Test func `with Allow they run beside each other`() throws {
        let fixture = try RuntimeFixture(Self.manifests("Allow"))
        try retryMissed(4, on: fixture)
        #expect(try claim(fixture).count == 4)
    }

    @Test func `one that waits for its next attempt keeps the others waiting, and comes back before them`() throws {
        try retryMissed(3, on: fixture)
        let first = try #require(try claim(fixture).first)
        // One more attempt than it had: whoever is asked to come later has that in any case.
        _ = try fixture.store.retryLater(
            first.lease, error: "busy", notBefore: fixture.clock.now().advanced(by: .seconds(30)), isSnooze: true,
            at: fixture.clock.now())
        #expect(try claim(fixture).isEmpty)
        fixture.clock.set(fixture.clock.now().advanced(by: .seconds(31)))
        #expect(try claim(fixture).map(\.run.id) == [first.run.id])
    }

    @Test func `what is queued for the same agent by others does not wait for them`() throws {
        try retryMissed(3, on: fixture)
        #expect(try claim(fixture).count == 1)
        let other = try enqueue()
        #expect(try claim(fixture).map(\.run.id) == [other])
    }

    @Test func `Replace cancels none of them, and what is due meanwhile runs after them, alone`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("Replace"))
        let retried = try retryMissed(3, on: fixture)
        let first = try #require(try claim(fixture).first)
        try await running(scheduler(fixture)) { _ in
            fixture.clock.set(.at("00:40:00"))
            try await waitUntil("the run that is due") { try fixture.times(.queued).contains("00:40") }
        }
        #expect(try fixture.runs(.cancelled).isEmpty)
        var next = first
        for run in retried.dropFirst() {
            #expect(try claim(fixture).isEmpty)
            try end(next, on: fixture)
            next = try #require(try claim(fixture).first)
            #expect(next.run.id == run.id)
        }
        #expect(try claim(fixture).isEmpty)
        try end(next, on: fixture)
        #expect(try claim(fixture).map(\.run.scheduledAt) == [.at("00:40:00")])
    }

    @Test(arguments: ["Forbid", "Replace"])
    func `with catchUp all, what is due meanwhile waits for them as for what is caught up`(
        _ policy: String
    ) async throws {
        let fixture = try RuntimeFixture(Self.manifests(policy, catchUp: "all"))
        try retryMissed(2, on: fixture)
        try await running(scheduler(fixture)) { _ in
            fixture.clock.set(.at("00:50:00"))
            for time in ["00:10", "00:20", "00:30", "00:40", "00:50"] {
                try await waitUntil("the run of \(time)") { try fixture.times(.queued).first == time }
                let claimed = try claim(fixture)
                #expect(claimed.count == 1)
                try end(try #require(claimed.first), on: fixture)
            }
        }
        #expect(try fixture.runs(.cancelled).isEmpty && fixture.runs(.skipped).isEmpty)
        #expect(try fixture.times(.succeeded).sorted() == ["00:10", "00:20", "00:30", "00:40", "00:50"])
    }

    @Test func `who retried it, and why it was skipped, stays with it when it is over`() throws {
        let kept = "retried by ada; skipped before: missed; catchUp none"
        try retryMissed(4, on: fixture)
        let succeeded = try #require(try claim(fixture).first)
        try end(succeeded, on: fixture)
        #expect(try stored(succeeded.run.id).reason == kept)

        let failed = try #require(try claim(fixture).first)
        try fixture.store.complete(
            failed.lease, RunOutcome(.failed, error: "no", reason: "the model refused"), at: fixture.clock.now())
        #expect(try stored(failed.run.id).reason == "the model refused; \(kept)")
        try fixture.store.perform(.retry, on: failed.run.id, actor: "bob", at: fixture.clock.now())
        #expect(try stored(failed.run.id).reason == "retried by bob; skipped before: missed; catchUp none")
        try fixture.store.perform(.cancel, on: failed.run.id, actor: "bob", at: fixture.clock.now())
        #expect(
            try stored(failed.run.id).reason
                == "cancelled by bob; retried by bob; skipped before: missed; catchUp none")

        // Also where its process dies between.
        let lost = try #require(try claim(fixture).first)
        _ = try fixture.store.recoverOrphans(owner: "another", now: fixture.clock.now())
        let state = try stored(lost.run.id)
        #expect(state.reason?.hasSuffix("; \(kept)") == true, "\(state)")
    }

    @Test func `its templates see the schedule's event, as those of a run in its time`() async throws {
        try retryMissed(1, on: fixture)
        let run = try #require(try fixture.runs(.queued).first)
        let executor = FakeExecutor.answering(.success("done"))
        try await running(workers(executor)) { _ in try await reaches(.succeeded, run.id) }
        let facts = try #require(executor.works.first).facts
        #expect(facts["event"] == "schedule")
        #expect(facts["payload"]?["scheduledAt"] == "2026-01-01T00:10:00Z")
        #expect(facts["scheduledAt"] == "2026-01-01T00:10:00Z")
    }
}
