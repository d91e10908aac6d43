import Agents
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

/// What waits for a time does not wait for a clock that was ahead.
@Suite(.timeLimit(.minutes(1))) struct WaitingWorkClockTests {
    private static let manifests = RuntimeFixture.manifests(
        RuntimeFixture.trigger("plain", "webhook: {source: github, secret: {env: HOOK}}"))

    @Test func `What is queued waits no longer than before (clock set back while serving)`() async throws {
        let fixture = try RuntimeFixture(Self.manifests, now: .at("2026-01-02T00:00:00Z"))
        let gate = Gate()
        let executor = FakeExecutor { work, _ in
            try await gate.pass()
            return work.facts["event"] == "late" ? .failure("busy", isRetryable: true) : .success("done")
        }
        let ids = try ["late", "one", "two", "three"].map { try enqueue(fixture, $0) }
        try await running(workers(fixture, executor)) { _ in
            try await waitUntil("as many as may") { gate.waiting == 2 }
            fixture.clock.set(.at("00:00:00"))
            try await waitUntil("due by the new time") {
                try fixture.reader.queueCounts().oldestDueAt == .at("00:00:00")
            }
            gate.open()
            try await waitUntil("all that can") {
                try ids.dropFirst().allSatisfy { try fixture.reader.run($0)?.state == .succeeded }
            }
        }
        let retried = try #require(try fixture.reader.run(ids[0]))
        #expect(retried.notBefore == .at("00:00:10"), "its backoff, by the new clock")
    }

    @Test func `What is queued by a clock that was ahead is due at the next start`() async throws {
        let ahead = try RuntimeFixture(Self.manifests, now: .at("2026-01-02T00:00:00Z"))
        let id = try enqueue(ahead, "push")
        let fixture = try RuntimeFixture(restarting: ahead, now: .at("00:00:00"))
        #expect(
            try fixture.reader.strandedWork(.runs, .deliveries, isServed: false, now: fixture.clock.now()).count == 1)
        try await running(workers(fixture, .answering(.success("done")))) { _ in
            try await waitUntil("its end") { try fixture.reader.run(id)?.state == .succeeded }
        }
    }

    private func workers(_ fixture: RuntimeFixture, _ executor: FakeExecutor) -> Workers {
        Workers(
            RunWorker(
                store: fixture.store, catalogs: fixture.catalogs, executor: executor, clock: fixture.clock,
                random: { 1 }, metrics: fixture.metrics, logger: fixture.logger), owner: "one")
    }

    private func enqueue(_ fixture: RuntimeFixture, _ name: String) throws -> String {
        let now = fixture.clock.now()
        let acceptance = try fixture.store.accept(
            NewEvent(
                endpoint: "trigger/plain", name: name, source: "github", payload: [:], headers: [:], receivedAt: now),
            runs: [NewRun(trigger: "plain", target: .agent("brief"), revision: 1, maxAttempts: 3, notBefore: now)])
        guard case .accepted(_, let runs) = acceptance, let run = runs.first else {
            throw Invalid(description: "no run")
        }
        return run
    }
}
