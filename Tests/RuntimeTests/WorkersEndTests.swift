import Agents
import Runtime
import ServiceLifecycle
import State
import TestSupport
import Testing
import Values

/// Shutdowns, and processes that died: what becomes of the work that was under way.
@Suite(.timeLimit(.minutes(1))) struct WorkersEndTests: WorkersSuite {
    let fixture: RuntimeFixture

    init() throws { fixture = try RuntimeFixture(Self.manifests) }

    @Test func `Work of a process that died is found again and finished once`() async throws {
        let id = try enqueue()
        _ = try fixture.store.claim(
            now: fixture.clock.now(), owner: "dead", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 1 })
        let after = try RuntimeFixture(restarting: fixture, now: .at("00:00:01"))
        let executor = FakeExecutor.answering(.success("done"))
        try await running(workers(executor, on: after, owner: "two")) { _ in
            try await waitUntil("its end") { try after.reader.run(id)?.state == .succeeded }
        }
        #expect(try after.reader.attempts(of: id).map(\.outcome) == ["abandoned", "succeeded"])
        #expect(executor.works.count == 1)
    }

    @Test func `A job that kills each process is a dead letter after its attempts (fault E91)`() async throws {
        let id = try enqueue(maxAttempts: 1)
        _ = try fixture.store.claim(
            now: fixture.clock.now(), owner: "dead", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 1 })
        let executor = FakeExecutor.answering(.success("done"))
        let other = try enqueue("plain", agent: "other")
        try await running(workers(executor, owner: "two")) { _ in
            try await reaches(.discarded, id)
            try await reaches(.succeeded, other)
        }
        #expect(executor.works.count == 1)
    }

    @Test func `At shutdown running work ends within the grace period, and nothing new begins (fault E93)`()
        async throws
    {
        let gate = Gate()
        let executor = FakeExecutor { _, _ in
            try await gate.pass()
            return .success("done")
        }
        let first = try enqueue()
        let late = try await running(workers(executor)) { group in
            try await waitUntil("the work") { gate.waiting == 1 }
            await group.triggerGracefulShutdown()
            try await waitUntil("the drain") { fixture.clock.deadlines.contains(.at("00:00:20")) }
            let late = try enqueue("plain", agent: "other")
            gate.open()
            return late
        }
        #expect(try stored(first).state == .succeeded)
        #expect(try stored(late).state == .queued)
    }

    @Test func `After the grace period work is given back with its attempt number (fault E93)`() async throws {
        let gate = Gate()
        let executor = FakeExecutor { _, _ in
            try await gate.pass()
            return .success("done")
        }
        let id = try enqueue()
        let workers = workers(executor, limits: WorkLimits(grace: .seconds(5)))
        try await running(workers) { group in
            try await waitUntil("the work") { gate.waiting == 1 }
            await group.triggerGracefulShutdown()
            try await waitUntil("the drain") { fixture.clock.deadlines.contains(.at("00:00:05")) }
            fixture.clock.advance(.seconds(5))
        }
        #expect(try stored(id).state == .queued)
        #expect(try stored(id).attempt == 0)
        #expect(fixture.metrics.snapshot.attempts["released"] == 1)
    }

    @Test func `Work with side effects behind it is not begun again after a shutdown (fault E96)`() async throws {
        let gate = Gate()
        let executor = FakeExecutor { _, recorder in
            try await recorder.record(
                Step(
                    number: 1, kind: .tool, name: "publish", isRepeatable: false, startedAt: RuntimeFixture.start,
                    finishedAt: RuntimeFixture.start))
            try await gate.pass()
            return .success("done")
        }
        let id = try enqueue()
        try await running(workers(executor, limits: WorkLimits(grace: .zero))) { _ in
            try await waitUntil("the work") { gate.waiting == 1 }
        }
        #expect(try stored(id).state == .unknown)
    }

    @Test func `Runs that end by a crash are told of, too`() async throws {
        let lost = try enqueue("told", maxAttempts: 1)
        let writing = try enqueue("told")
        let claimed = try fixture.store.claim(
            now: fixture.clock.now(), owner: "dead", leaseFor: .seconds(60), limit: 2, concurrency: { _ in 2 })
        let lease = try #require(claimed.first { $0.run.id == writing }?.lease)
        try fixture.store.record(
            Step(number: 1, kind: .tool, name: "publish", isRepeatable: false, startedAt: RuntimeFixture.start),
            of: lease)
        let executor = FakeExecutor.answering(.success("done"))
        try await running(workers(executor, owner: "two")) { _ in
            try await reaches(.discarded, lost)
            try await reaches(.unknown, writing)
        }
        let bodies = try fixture.reader.deliveries(Page(), DeliveryFilter(channel: "ops")).items.map(\.body)
        #expect(Set(bodies.compactMap { $0["type"]?.string }) == ["run.discarded", "run.unknown"])
        #expect(
            bodies.contains { $0.value(atPath: "data.error") == "its process ended in the last attempt" })
        #expect(executor.works.isEmpty)
    }

    @Test func `Work that ignores its cancellation does not hold the shutdown up (fault E94)`() async throws {
        let gate = Gate()
        let executor = FakeExecutor { _, _ in
            await Task.detached { try? await gate.pass() }.value
            return .success("late")
        }
        let id = try enqueue()
        try await running(workers(executor, limits: WorkLimits(grace: .zero))) { group in
            try await waitUntil("the work") { gate.waiting == 1 }
            await group.triggerGracefulShutdown()
            try await waitUntil("the parting") { fixture.clock.deadlines.contains(.at("00:00:02")) }
            fixture.clock.advance(.seconds(2))
        }
        #expect(fixture.metrics.snapshot.stuck == 1)
        gate.open()
        try await waitUntil("its refusal") { fixture.metrics.snapshot.attempts["superseded"] == 1 }
        #expect(try stored(id).state == .queued)
    }
}
