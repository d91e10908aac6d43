import Agents
import Runtime
import Spec
import State
import Synchronization
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(1))) struct WorkersTests: WorkersSuite {
    let fixture: RuntimeFixture

    init() throws { fixture = try RuntimeFixture(Self.manifests) }

    @Test func `A renamed agent has no more runs at a time than it allows`() async throws {
        @Sendable func manifests(_ agent: String) -> String { RuntimeFixture.manifests(agents: [agent, "other"]) }
        let fixture = try RuntimeFixture(manifests("slow"))
        let gate = Gate()
        let executor = FakeExecutor { work, _ in
            if work.target != .agent("other") { try await gate.pass() }
            return .success("done")
        }
        let manual = ManualRuns(store: fixture.store, catalogs: fixture.catalogs, clock: fixture.clock)
        try await running(workers(executor, on: fixture)) { _ in
            for _ in 1...3 { _ = try manual.enqueue(.agent("slow"), input: nil) }
            try await waitUntil("two at a time") { gate.waiting == 2 }
            try fixture.apply(manifests("swift, renamedFrom: slow"))
            let last = try manual.enqueue(.agent("swift"), input: nil)
            for _ in 1...2 {
                let other = try manual.enqueue(.agent("other"), input: nil)
                try await waitUntil("another agent's run") { try fixture.reader.run(other)?.state == .succeeded }
            }
            #expect(gate.waiting == 2)
            #expect(try fixture.runs(.queued).count == 2)
            gate.open()
            try await waitUntil("all of them") { try fixture.reader.run(last)?.state == .succeeded }
        }
        #expect(executor.works.filter { $0.target == .agent("swift") }.count == 1)
    }

    @Test func `A queued run is executed over its event and its end is recorded`() async throws {
        let executor = FakeExecutor.answering(.success("All quiet."))
        let id = try enqueue()
        try await running(workers(executor)) { _ in try await reaches(.succeeded, id) }
        let run = try stored(id)
        #expect(run.output == "All quiet." && run.attempt == 1 && run.tokensIn == 10 && run.tokensOut == 5)
        let work = try #require(executor.works.first)
        #expect(work.input == nil)
        #expect(
            work.facts == [
                "event": "push", "payload": ["sender": "ada"], "headers": ["x-github-event": "push"],
                "receivedAt": "2026-01-01T00:00:00Z", "trigger": "plain", "agent": "brief",
            ])
        #expect(fixture.metrics.snapshot.attempts == ["succeeded": 1])
    }

    @Test func `A run ends on the revision that it began with`() async throws {
        let executor = FakeExecutor { work, _ in
            let agent = work.catalog.spec(Agent.self, named: "brief")
            return .success(agent?.description ?? "none")
        }
        let id = try enqueue()
        try fixture.apply(
            Self.manifests.replacing("systemPrompt: Be brief.", with: "systemPrompt: Be brief.\n  description: new"))
        try await running(workers(executor)) { _ in try await reaches(.succeeded, id) }
        #expect(try stored(id).output == "none")
    }

    @Test func `A failed attempt is repeated after a wait that doubles`() async throws {
        let executor = FakeExecutor.answering(.failure("the provider is busy", isRetryable: true))
        let id = try enqueue()
        try await running(workers(executor)) { _ in
            try await waitUntil("the second attempt's time") { try stored(id).notBefore == .at("00:00:10") }
            try await waitUntil("sleep") { fixture.clock.deadlines.contains(.at("00:00:10")) }
            fixture.clock.advance(.seconds(10))
            try await waitUntil("the third attempt's time") { try stored(id).notBefore == .at("00:00:30") }
            try await waitUntil("sleep") { fixture.clock.deadlines.contains(.at("00:00:30")) }
            fixture.clock.advance(.seconds(20))
            try await reaches(.discarded, id)
        }
        let run = try stored(id)
        #expect(run.attempt == 3 && run.error == "the provider is busy" && run.tokensIn == 3)
        #expect(try fixture.reader.attempts(of: id).map(\.outcome) == ["retried", "retried", "discarded"])
        #expect(fixture.metrics.snapshot.attempts == ["retried": 2, "discarded": 1])
    }

    @Test func `Jitter and the provider's wish move the next attempt (fault E92)`() async throws {
        let jittered = try enqueue()
        try await running(workers(FakeExecutor.answering(.failure("no", isRetryable: true)), random: 0.4)) { _ in
            try await waitUntil("a part of the wait") { try stored(jittered).notBefore == .at("00:00:04") }
        }
        let asked = try enqueue("plain", agent: "other")
        let executor = FakeExecutor.answering(.failure("429", isRetryable: true, retryAfter: .seconds(90)))
        try await running(workers(executor, random: 0)) { _ in
            try await waitUntil("what was asked") { try stored(asked).notBefore == .at("00:01:30") }
        }
        // Waiting is no failure: there are as many attempts left as before.
        let run = try stored(asked)
        #expect(run.maxAttempts - run.attempt == 3)
    }

    @Test func `What repeating does not help fails at once, with its reason`() async throws {
        let id = try enqueue()
        let result = RunResult.failure("over 10 steps", isRetryable: false, reason: .maxSteps)
        try await running(workers(FakeExecutor.answering(result))) { _ in try await reaches(.failed, id) }
        let run = try stored(id)
        #expect(run.attempt == 1 && run.reason == "max-steps" && run.error == "over 10 steps")
    }

    @Test func `A side effect that is not known to have happened waits for a person (fault E96)`() async throws {
        let id = try enqueue()
        let result = RunResult.failure("cut off", isRetryable: false, reason: .unknownEffect)
        try await running(workers(FakeExecutor.answering(result))) { _ in try await reaches(.unknown, id) }
    }

    @Test func `Each channel of the trigger gets a message with the end of the run`() async throws {
        let id = try enqueue("told")
        try await running(workers(FakeExecutor.answering(.success("All \"quiet\".")))) { _ in
            try await reaches(.succeeded, id)
        }
        let deliveries = try fixture.reader.deliveries(Page(), DeliveryFilter(run: id)).items
        let bodies = Dictionary(uniqueKeysWithValues: deliveries.map { ($0.channel, $0.body) })
        let event = try #require(try stored(id).event)
        var data: JSON = [
            "run": .string(id), "state": "succeeded", "agent": "brief", "trigger": "told", "event": .string(event),
            "output": "All \"quiet\".",
        ]
        #expect(
            bodies["ops"] == ["type": "run.succeeded", "timestamp": "2026-01-01T00:00:00Z", "data": data])
        data = .object((data.object ?? [:]).merging(["text": "succeeded after push of ada: All \"quiet\"."]))
        #expect(
            bodies["worded"] == ["type": "run.succeeded", "timestamp": "2026-01-01T00:00:00Z", "data": data])
    }

    @Test func `A dead letter is told of once, a retried attempt is not`() async throws {
        let id = try enqueue("told", maxAttempts: 2)
        try await running(workers(FakeExecutor.answering(.failure("no", isRetryable: true)))) { _ in
            try await waitUntil("the retry") { try stored(id).notBefore == .at("00:00:10") }
            #expect(try fixture.reader.deliveries().items.isEmpty)
            fixture.clock.advance(.seconds(10))
            try await reaches(.discarded, id)
        }
        let bodies = try fixture.reader.deliveries(Page(), DeliveryFilter(channel: "ops")).items.map(\.body)
        #expect(bodies.map { $0["type"] } == ["run.discarded"])
        #expect(bodies.first?.value(atPath: "data.error") == "no")
    }

    @Test func `Agents run as many at once as they allow, and others go on`() async throws {
        let gate = Gate()
        let executor = FakeExecutor { _, _ in
            try await gate.pass()
            return .success("")
        }
        for _ in 1...4 { try enqueue() }
        let other = try enqueue("plain", agent: "other")
        try await running(workers(executor)) { _ in
            try await waitUntil("three at once") { gate.waiting == 3 }
            #expect(try fixture.runs(.queued).count == 2)
            #expect(try stored(other).state == .running)
            gate.open()
            try await waitUntil("all") { try fixture.runs(.succeeded).count == 5 }
        }
        #expect(fixture.metrics.snapshot.runsActive == 0)
    }

    @Test func `A cancelled run stops its work, and its late result is refused (fault E90)`() async throws {
        let gate = Gate()
        let wasCancelled = Mutex(false)
        let executor = FakeExecutor { _, _ in
            do {
                try await gate.pass()
            } catch {
                wasCancelled.withLock { $0 = true }
            }
            return .success("late")
        }
        let id = try enqueue()
        try await running(workers(executor)) { _ in
            try await waitUntil("the work") { gate.waiting == 1 }
            try fixture.store.cancel(run: id, reason: "replaced", at: fixture.clock.now())
            try await waitUntil("its end") { fixture.metrics.snapshot.attempts["superseded"] == 1 }
        }
        #expect(wasCancelled.withLock { $0 })
        #expect(try stored(id).state == .cancelled)
        #expect(try stored(id).output == nil)
    }

    @Test func `Long work keeps its lease`() async throws {
        let gate = Gate()
        let executor = FakeExecutor { _, _ in
            try await gate.pass()
            return .success("done")
        }
        let id = try enqueue()
        try await running(workers(executor)) { _ in
            try await waitUntil("the work") { gate.waiting == 1 }
            for second in stride(from: 20, through: 120, by: 20) {
                let next = Instant(seconds: RuntimeFixture.start.seconds + Int64(second))
                try await waitUntil("renewal at \(next)") { fixture.clock.deadlines.contains { $0 <= next } }
                fixture.clock.set(next)
            }
            gate.open()
            try await reaches(.succeeded, id)
        }
        #expect(try stored(id).attempt == 1)
    }

    @Test func `After the machine slept, work under way stays with its worker`() async throws {
        let gate = Gate()
        let executor = FakeExecutor { _, _ in
            try await gate.pass()
            return .success("done")
        }
        let id = try enqueue()
        try await running(workers(executor)) { _ in
            try await waitUntil("the work") { gate.waiting == 1 }
            try await waitUntil("sleep") { fixture.clock.deadlines.contains(.at("00:00:20")) }
            fixture.clock.set(.at("01:00:00"))
            try await waitUntil("renewal") { fixture.clock.deadlines.contains(.at("01:00:20")) }
            gate.open()
            try await reaches(.succeeded, id)
        }
        #expect(try stored(id).attempt == 1)
        #expect(executor.works.count == 1)
        #expect(try fixture.reader.attempts(of: id).map(\.outcome) == ["succeeded"])
    }
}
