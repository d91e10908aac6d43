import Agents
import Outbound
import Runtime
import State
import Synchronization
import TestSupport
import Testing
import Values

@Suite("Many runs that fail", .timeLimit(.minutes(1)))
struct RetryStormTests {
    private let fixture: RuntimeFixture

    init() throws {
        fixture = try RuntimeFixture(RuntimeFixture.manifests(agents: ["brief", "other"]))
    }

    @Test func `Runs that fail together do not come back together (fault E92)`() async throws {
        let count = 400
        let now = fixture.clock.now()
        _ = try fixture.store.accept(
            (0..<count).map { number in
                Arrival(
                    NewEvent(endpoint: "manual", name: "manual", source: "manual", payload: [:], receivedAt: now),
                    runs: [
                        NewRun(
                            target: .agent(number % 2 == 0 ? "brief" : "other"), revision: 1, maxAttempts: 2,
                            notBefore: now)
                    ])
            })
        let random = Mutex(SeededRandom(92))
        let workers = Workers(
            RunWorker(
                store: fixture.store, catalogs: fixture.catalogs,
                executor: FakeExecutor.answering(.failure("down", isRetryable: true)), clock: fixture.clock,
                random: { random.withLock { Double.random(in: 0..<1, using: &$0) } }, metrics: fixture.metrics,
                logger: fixture.logger), owner: "one")
        @Sendable func tried() throws -> [Run] {
            try fixture.reader.runs(Page(limit: 500), RunFilter(state: .queued)).items.filter { $0.attempt == 1 }
        }
        // Those that are due at once would be tried again at once: none is before a millisecond has passed.
        try await running(workers) { _ in
            try await waitUntil("the first attempts", timeout: .seconds(50)) { try tried().count >= count - 5 }
        }
        var seconds: [Int64: Int] = [:]
        for run in try tried() { seconds[run.notBefore.duration(since: now).milliseconds / 1_000, default: 0] += 1 }
        #expect(Set(seconds.keys) == Set(0..<10))
        #expect(try #require(seconds.values.max()) < 2 * count / 10)
    }

    @Test("Runs that need a host which is left alone wait in the queue, and one goes when it is tried (fault E92)")
    func leftAlone() async throws {
        // Nothing listens at port 1.
        try fixture.apply(
            RuntimeFixture.manifests(
                agents: ["brief"],
                """
                apiVersion: writ/v1
                kind: Provider
                metadata: {name: local}
                spec: {type: openai, baseURL: "http://127.0.0.1:1/v1"}
                ---
                apiVersion: writ/v1
                kind: Agent
                metadata: {name: other}
                spec: {model: {provider: local, name: m}, systemPrompt: Be brief.}
                ---
                apiVersion: writ/v1
                kind: Tool
                metadata: {name: down}
                spec: {description: x, http: {url: "http://127.0.0.1:1/{{a}}", allowPrivateNetworks: true}}
                ---
                apiVersion: writ/v1
                kind: Tool
                metadata: {name: up}
                spec: {description: x, http: {url: "https://example.com/"}}
                """))
        let clock = fixture.clock
        let circuits = CircuitBreakers(CircuitPolicy(failures: 1, pause: .seconds(50))) { clock.now() }
        let client = OutboundClient(circuits: circuits)
        _ = try? await client.send(OutboundRequest(url: "http://127.0.0.1:1/", policy: .allowPrivate))
        #expect(circuits.open.count == 1)
        let now = clock.now()
        let targets: [RunTarget] = [.tool("down"), .tool("down"), .agent("other"), .agent("other"), .tool("up")]
        _ = try fixture.store.accept(
            (targets + [.agent("brief")]).map { target in
                Arrival(
                    NewEvent(endpoint: "manual", name: "manual", source: "manual", payload: [:], receivedAt: now),
                    runs: [NewRun(target: target, revision: 2, notBefore: now)])
            })
        let gate = Gate()
        let executor = FakeExecutor { work, _ in
            if work.target == .tool("down") || work.target == .agent("other") { try await gate.pass() }
            return .success("done")
        }
        let worker = RunWorker(
            store: fixture.store, catalogs: fixture.catalogs, executor: executor, clock: clock, random: { 1 },
            metrics: fixture.metrics, logger: fixture.logger, circuits: circuits)
        try await running(Workers(worker, owner: "one")) { _ in
            try await waitUntil("the others") { try fixture.runs(.succeeded).count == 2 }
            try await waitUntil("the time of the next try") { clock.deadlines.first == .at("00:00:50") }
            #expect(try fixture.runs(.queued).count == 4)
            #expect(try fixture.runs(.queued).allSatisfy { $0.attempt == 0 })
            clock.set(.at("00:00:50"))
            try await waitUntil("one of each") { gate.waiting == 2 }
            #expect(try fixture.runs(.queued).count == 2)
            gate.open()
            try await waitUntil("all of them") { try fixture.runs(.succeeded).count == 6 }
        }
        #expect(Set(executor.works.prefix(2).map(\.target)) == [.tool("up"), .agent("brief")])
        await client.shutdown()
    }
}
