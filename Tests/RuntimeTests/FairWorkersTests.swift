import Agents
import Runtime
import State
import TestSupport
import Testing
import Values

@Suite("Fair workers", .timeLimit(.minutes(1)))
struct FairWorkersTests {
    private let fixture: RuntimeFixture

    private static let manifests = RuntimeFixture.manifests(
        agents: ["brief", "other"],
        """
        apiVersion: writ/v1
        kind: Provider
        metadata: {name: second}
        spec: {type: openai, apiKey: {env: KEY}}
        ---
        apiVersion: writ/v1
        kind: Agent
        metadata: {name: third}
        spec:
          model: {provider: second, name: model}
          systemPrompt: Be brief.
        ---
        apiVersion: writ/v1
        kind: Tool
        metadata: {name: slow}
        spec: {description: Slow., http: {url: "https://example.com/"}}
        ---
        apiVersion: writ/v1
        kind: Tool
        metadata: {name: single}
        spec: {description: One., limits: {concurrency: 1}, http: {url: "https://example.com/"}}
        """)

    init() throws { fixture = try RuntimeFixture(Self.manifests) }

    private func workers(_ executor: any RunExecuting, concurrency: Int = 16) -> Workers {
        Workers(
            RunWorker(
                store: fixture.store, catalogs: fixture.catalogs, executor: executor, clock: fixture.clock,
                random: { 1 }, metrics: fixture.metrics, logger: fixture.logger),
            owner: "one", limits: WorkLimits(concurrency: concurrency))
    }

    private func enqueue(_ agent: String, _ count: Int = 1) throws { try enqueue(.agent(agent), count) }

    private func enqueue(_ target: RunTarget, _ count: Int) throws {
        let now = fixture.clock.now()
        _ = try fixture.store.accept(
            (1...count).map { _ in
                Arrival(
                    NewEvent(endpoint: "manual", name: "manual", source: "manual", payload: [:], receivedAt: now),
                    runs: [NewRun(target: target, revision: 1, notBefore: now)])
            })
    }

    private func identity(ofProvider name: String) throws -> String {
        try #require(try fixture.catalogs.current()).identity(ofProvider: name)
    }

    private func ended(_ agent: String) throws -> Int {
        try fixture.reader.runs(Page(limit: 500), RunFilter(state: .succeeded, agent: agent)).items.count
    }

    @Test func `with one place, an agent with many runs leaves every other turn to another one`() async throws {
        try enqueue("brief", 300)
        try enqueue("other", 3)
        let executor = FakeExecutor.answering(.success("done"))
        try await running(workers(executor, concurrency: 1)) { _ in
            try await waitUntil("the runs of the other agent") { try ended("other") == 3 }
        }
        let order = executor.works.compactMap(\.target.agent)
        let last = try #require(order.lastIndex(of: "other"))
        #expect(last <= 5, "\(order.prefix(10))")
    }

    @Test func `runs of a provider whose calls wait leave their places to others, and go on when it is free`()
        async throws
    {
        try enqueue("brief", 20)
        try enqueue("third")
        let executor = FakeExecutor.answering(.success("done"))
        executor.saturate([try identity(ofProvider: "recorded")])
        try await running(workers(executor)) { _ in
            try await waitUntil("the run of the other provider") { try ended("third") == 1 }
            #expect(try ended("brief") == 0)
            executor.saturate([])
            // Whatever is recorded makes the workers look again.
            try enqueue("other")
            try await waitUntil("the runs that waited") { try ended("brief") == 20 && ended("other") == 1 }
        }
    }

    @Test func `a renamed provider is as busy as it was under its former name`() async throws {
        try enqueue("third")
        let before = try identity(ofProvider: "second")
        try fixture.apply(
            Self.manifests.replacing("{name: second}", with: "{name: renamed, renamedFrom: second}")
                .replacing("provider: second", with: "provider: renamed"))
        #expect(try identity(ofProvider: "renamed") == before)
        try enqueue("other")
        let executor = FakeExecutor.answering(.success("done"))
        executor.saturate([before])
        try await running(workers(executor)) { _ in
            try await waitUntil("the run of the other provider") { try ended("other") == 1 }
            #expect(try ended("third") == 0)
            executor.saturate([])
            try enqueue("brief")
            try await waitUntil("the run that waited") { try ended("third") == 1 }
        }
        // It ends on its revision, where the provider has its former name.
        #expect(executor.works.first { $0.target.agent == "third" }?.providers["second"] == before)
    }

    @Test func `slow runs of tools hold no more places than their limits, and everybody else goes on`() async throws {
        try enqueue(.tool("slow"), 30)
        try enqueue(.tool("single"), 5)
        let gate = Gate()
        let executor = FakeExecutor { work, _ in
            if work.target.tool != nil { try await gate.pass() }
            return .success("done")
        }
        try await running(workers(executor)) { _ in
            try await waitUntil("the places of the tools") { gate.waiting == 5 }
            try enqueue("brief", 20)
            try await waitUntil("the runs of the agent") { try ended("brief") == 20 }
            #expect(try fixture.reader.runs(Page(limit: 500), RunFilter(state: .running)).items.count == 5)
            gate.open()
            try await waitUntil("the rest") {
                try fixture.reader.runs(Page(limit: 500), RunFilter(state: .succeeded)).items.count == 55
            }
        }
        let tools = executor.works.compactMap(\.target.tool)
        #expect(tools.prefix(5).count { $0 == "slow" } == 4)
        #expect(tools.count { $0 == "single" } == 5)
    }
}
