import Agents
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(1))) struct ManualRunsTests {
    private let fixture: RuntimeFixture
    private let manual: ManualRuns

    init() throws {
        fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                agents: ["brief", "both"],
                RuntimeFixture.trigger("both", "schedule: {cron: '0 5 * * *'}"),
                RuntimeFixture.trigger("resting", "suspend: true\nschedule: {cron: '0 5 * * *'}"),
                """
                apiVersion: writ/v1
                kind: Agent
                metadata: {name: asleep}
                spec: {suspend: true, model: {provider: recorded, name: m}, systemPrompt: Rest.}
                """))
        manual = ManualRuns(store: fixture.store, catalogs: fixture.catalogs, clock: fixture.clock)
    }

    @Test(
        "Targets are found by kind and name, and a bare name prefers the agent",
        arguments: [
            ("brief", ManualRuns.Target.agent("brief")), ("both", .agent("both")), ("trigger/both", .trigger("both")),
            ("Triggers/both", .trigger("both")), ("agent/brief", .agent("brief")), ("resting", .trigger("resting")),
        ])
    func targets(text: String, target: ManualRuns.Target) throws {
        #expect(try manual.target(text) == target)
    }

    @Test func `What is not there is said, with the nearest name`() throws {
        let error = #expect(throws: RuntimeError.self) { try manual.target("breif") }
        #expect(error?.code == .notFound)
        #expect(error?.message == "revision 1 has no agent, trigger or tool `breif`: did you mean `brief`?")
        #expect(throws: RuntimeError.self) { try manual.target("channel/ops") }
        #expect(throws: RuntimeError.self) { try manual.target("") }
    }

    @Test func `A run by hand has an event, and is waited for`() async throws {
        let executor = FakeExecutor { work, _ in .success(work.input?.string ?? "") }
        let workers = Workers(
            RunWorker(
                store: fixture.store, catalogs: fixture.catalogs, executor: executor, clock: fixture.clock,
                random: { 0 }, metrics: fixture.metrics, logger: fixture.logger), owner: "one")
        let run = try await running(workers) { _ in
            let id = try manual.enqueue(.agent("brief"), input: "hello")
            return try await manual.wait(for: id)
        }
        #expect(run.state == .succeeded && run.output == "hello" && run.trigger == nil)
        let event = try #require(try run.event.flatMap { try fixture.reader.event($0) })
        #expect(event.summary.name == "manual" && event.payload == "hello")
    }

    @Test func `A trigger by hand runs as its manifest says, with the input as the payload`() throws {
        let id = try manual.enqueue(.trigger("both"), input: ["n": 1])
        let run = try #require(try fixture.reader.run(id))
        #expect(run.trigger == "both" && run.target == .agent("brief") && run.maxAttempts == 3)
        #expect(try fixture.reader.input(of: id) == nil)
        #expect(try run.event.flatMap { try fixture.reader.event($0) }?.payload == ["n": 1])
    }

    @Test func `A suspended agent is refused`() throws {
        let error = #expect(throws: RuntimeError.self) { try manual.enqueue(.agent("asleep"), input: nil) }
        #expect(error?.code == .suspended)
        #expect(try fixture.runs().isEmpty)
    }

    @Test func `Waiting ends with the state`() async throws {
        let id = try manual.enqueue(.agent("brief"), input: nil)
        let waiting = Task { [manual] in try await manual.wait(for: id) }
        try fixture.store.close()
        await #expect(throws: RuntimeError.self) { try await waiting.value }
    }
}
