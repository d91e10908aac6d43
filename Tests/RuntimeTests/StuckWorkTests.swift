import Agents
import Runtime
import State
import TestSupport
import Testing
import Values

@Suite("Work that does not end", .timeLimit(.minutes(1)))
struct StuckWorkTests {
    @Test func `Work that ignores its cancellation loses its place, and is counted (fault E94)`() async throws {
        let fixture = try RuntimeFixture(RuntimeFixture.manifests(agents: ["brief", "other"]))
        let gate = Gate()
        let executor = FakeExecutor { work, _ in
            guard work.target == .agent("brief") else { return .success("done") }
            await Task.detached { try? await gate.pass() }.value
            return .success("late")
        }
        @Sendable func enqueue(_ agent: String) throws -> String {
            let now = fixture.clock.now()
            let accepted = try fixture.store.accept(
                NewEvent(endpoint: "manual", name: "manual", source: "manual", payload: [:], receivedAt: now),
                runs: [NewRun(target: .agent(agent), revision: 1, notBefore: now)])
            guard case .accepted(_, let runs) = accepted, let id = runs.first else {
                throw Invalid(description: "\(accepted)")
            }
            return id
        }
        let stuck = try enqueue("brief")
        let worker = RunWorker(
            store: fixture.store, catalogs: fixture.catalogs, executor: executor, clock: fixture.clock,
            random: { 1 }, metrics: fixture.metrics, logger: fixture.logger)
        try await running(Workers(worker, owner: "one", limits: WorkLimits(concurrency: 1))) { _ in
            try await waitUntil("the work") { gate.waiting == 1 }
            let next = try enqueue("other")
            try fixture.store.cancel(run: stuck, reason: "cancelled by ada", at: fixture.clock.now())
            try await waitUntil("the patience with it") { fixture.clock.deadlines.contains(.at("00:00:10")) }
            #expect(try fixture.reader.run(next)?.state == .queued)
            #expect(fixture.metrics.snapshot.stuck == 0)
            fixture.clock.set(.at("00:00:10"))
            try await waitUntil("the next one") { try fixture.reader.run(next)?.state == .succeeded }
            #expect(fixture.metrics.snapshot.stuck == 1)
            gate.open()
            // What it comes to in the end is refused.
            try await waitUntil("its refusal") { fixture.metrics.snapshot.attempts["superseded"] == 1 }
        }
        let run = try #require(try fixture.reader.run(stuck))
        #expect(run.state == .cancelled && run.output == nil)
        #expect(fixture.metrics.snapshot.runsActive == 0)
    }
}
