import Agents
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

@Suite("Running what is overridden by hand", .timeLimit(.minutes(1)))
struct RuntimeOverrideTests {
    private static let trigger = RuntimeFixture.trigger(
        "morning", "schedule: {cron: '*/30 * * * *', concurrencyPolicy: Allow}")
    private let fixture: RuntimeFixture

    init() throws { fixture = try RuntimeFixture(RuntimeFixture.manifests(Self.trigger)) }

    private func scheduler() -> Scheduler {
        Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: RuntimeFixture.zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    private func asleep(until time: String) async throws {
        try await waitUntil("sleeping until \(time)") { fixture.clock.deadlines == [.at(time)] }
    }

    private func override(_ id: ResourceID, _ fields: FieldOverride..., until: String? = nil) throws {
        try fixture.store.override(
            id, fields, reason: "it loops", actor: "ada", until: until.map { Instant.at($0) }, at: fixture.clock.now())
    }

    private func limit(_ field: String, _ value: JSON) -> FieldOverride {
        FieldOverride(pointer: JSONPointer(["spec", "limits", field]), value: value)
    }

    private func claim() throws -> Int {
        let current = try #require(try fixture.catalogs.current())
        return try fixture.store.claim(
            now: fixture.clock.now(), owner: "one", leaseFor: .seconds(60), limit: 10,
            concurrency: { current.concurrency(of: $0) }
        ).count
    }

    @Test func `Instants of a suspended trigger are rows with who and why, until its time is over`() async throws {
        try await running(scheduler()) { _ in
            try await asleep(until: "00:30:00")
            try override(Trigger.id("morning"), .suspension, until: "01:15:00")
            fixture.clock.set(.at("00:30:00"))
            try await asleep(until: "01:00:00")
            fixture.clock.set(.at("01:00:00"))
            try await asleep(until: "01:30:00")
            fixture.clock.set(.at("01:30:00"))
            try await asleep(until: "02:00:00")
        }
        #expect(try fixture.times(.skipped) == ["00:30", "01:00"])
        #expect(try fixture.times(.queued) == ["01:30"])
        #expect(
            try fixture.runs(.skipped).first?.reason
                == "the trigger is suspended by hand by ada until 2026-01-01T01:15:00Z: it loops")
    }

    @Test func `Of a suspended agent nothing begins: instants are skipped, and what is queued waits`() async throws {
        fixture.clock.set(.at("00:30:00"))
        try await running(scheduler()) { _ in try await asleep(until: "01:00:00") }
        #expect(try fixture.times(.queued) == ["00:30"])
        try override(Agent.id("brief"), .suspension)
        #expect(try claim() == 0)
        fixture.clock.set(.at("01:00:00"))
        try await running(scheduler()) { _ in try await asleep(until: "01:30:00") }
        #expect(try fixture.runs(.skipped).map(\.reason) == ["agent brief is suspended by hand by ada: it loops"])
        let runs = ManualRuns(store: fixture.store, catalogs: fixture.catalogs, clock: fixture.clock)
        let error = #expect(throws: RuntimeError.self) { try runs.newRun(.agent("brief"), input: nil, .at("01:00:00")) }
        #expect(error?.message == "agent brief is suspended by hand by ada: it loops")
        _ = try fixture.store.endOverrides(of: Agent.id("brief"), by: "ada", at: .at("01:00:01"))
        #expect(try claim() == 1)
    }

    @Test func `What is queued of a suspended agent waits under its new name, and goes when that is let go`()
        async throws
    {
        let fixture = try RuntimeFixture(RuntimeFixture.manifests(agents: ["slow", "other"]))
        try fixture.store.override(
            Agent.id("slow"), [.suspension], reason: "it loops", actor: "ada", until: nil, at: fixture.clock.now())
        let manual = ManualRuns(store: fixture.store, catalogs: fixture.catalogs, clock: fixture.clock)
        let now = fixture.clock.now()
        let revision = try #require(try fixture.catalogs.current()).revision.number
        let queued = NewRun(target: .agent("slow"), revision: revision, notBefore: now)
        guard case .accepted(_, let ids) = try fixture.store.accept(ManualRuns.event(input: nil, now), runs: [queued])
        else {
            throw Invalid(description: "not accepted")
        }
        let waiting = try #require(ids.first)
        try fixture.apply(RuntimeFixture.manifests(agents: ["swift, renamedFrom: slow", "other"]))
        #expect(try fixture.reader.overrides(at: now).map(\.id) == [Agent.id("swift")])
        let executor = FakeExecutor.answering(.success("done"))
        let workers = Workers(
            RunWorker(
                store: fixture.store, catalogs: fixture.catalogs, executor: executor, clock: fixture.clock,
                random: { 1 }, metrics: fixture.metrics, logger: fixture.logger), owner: "one")
        try await running(workers) { _ in
            for _ in 1...2 {
                let other = try manual.enqueue(.agent("other"), input: nil)
                try await waitUntil("another agent's run") { try fixture.reader.run(other)?.state == .succeeded }
            }
            #expect(try fixture.reader.run(waiting)?.state == .queued)
            _ = try fixture.store.endOverrides(of: Agent.id("swift"), by: "ada", at: now)
            try await waitUntil("the run that waited") { try fixture.reader.run(waiting)?.state == .succeeded }
        }
        // On its own revision, by the name that it has there.
        let work = try #require(executor.works.first { $0.id == waiting })
        #expect(work.target == .agent("slow"))
        #expect(work.catalog.contains(Agent.id("slow")))
    }

    @Test func `A lower limit follows a renamed agent into the revisions before`() throws {
        try override(Agent.id("brief"), limit("maxSteps", 3))
        try fixture.apply(RuntimeFixture.manifests(agents: ["short, renamedFrom: brief"]))
        let old = try #require(try fixture.catalogs.at(1)?.catalog.spec(Agent.self, named: "brief"))
        #expect(old.limits.maxSteps.value == 3)
        let new = try #require(try fixture.catalogs.current()?.catalog.spec(Agent.self, named: "short"))
        #expect(new.limits.maxSteps.value == 3)
    }

    @Test func `A lower limit counts at once, also for a revision that runs began with, and never loosens`() throws {
        try override(Agent.id("brief"), limit("concurrency", 1), limit("maxSteps", 3), limit("timeout", "1h"))
        let current = try #require(try fixture.catalogs.current())
        #expect(current.concurrency(of: .agent("brief")) == 1)
        let old = try #require(try fixture.catalogs.at(1)?.catalog.spec(Agent.self, named: "brief"))
        #expect(old.limits.maxSteps.value == 3)
        #expect(old.limits.timeout == .seconds(300))
        let digest = try fixture.reader.resource(Agent.id("brief"))?.digest
        #expect(current.catalog[Agent.id("brief")]?.digest == digest)
        _ = try fixture.store.endOverrides(of: Agent.id("brief"), by: "ada", at: fixture.clock.now())
        #expect(try fixture.catalogs.current()?.concurrency(of: .agent("brief")) == 2)
    }

    @Test func `A webhook of a suspended trigger is kept, and its decision says why nothing runs`() throws {
        let hook = RuntimeFixture.trigger("hook", "webhook: {source: github, secret: {env: HOOK}}")
        try fixture.apply(RuntimeFixture.manifests(Self.trigger, hook))
        try override(Trigger.id("hook"), .suspension)
        let facts = EventFacts(
            endpoint: .trigger("hook"), name: "push", payload: [:], receivedAt: fixture.clock.now())
        let decision = try #require(try fixture.catalogs.current()?.router.decisions(for: facts).first)
        #expect(decision.outcome == .pass(reason: "the trigger is suspended by hand by ada: it loops"))
    }

    @Test func `What was altered and put back is read again`() throws {
        let before = try #require(try fixture.catalogs.current())
        #expect(try fixture.catalogs.current()?.isSame(as: before) == true)
        let brief = try #require(try fixture.reader.resource(Agent.id("brief")))
        try fixture.store.restore(
            Restoring(
                [Restoration(id: brief.id, digest: brief.digest, manifest: brief.manifest)], upTo: nil, actor: "ada",
                at: fixture.clock.now()))
        #expect(try fixture.catalogs.current()?.isSame(as: before) == false)
    }
}
