import Agents
import Runtime
import State
import TestSupport
import Testing
import Values

/// Workers that run what is queued for two agents, with triggers that tell nobody and two channels.
protocol WorkersSuite {
    var fixture: RuntimeFixture { get }
}

extension WorkersSuite {
    static var manifests: String {
        RuntimeFixture.manifests(
            agents: ["brief", "other"],
            RuntimeFixture.trigger("plain", "webhook: {source: github, secret: {env: HOOK}}"),
            RuntimeFixture.trigger(
                "told",
                """
                webhook: {source: github, secret: {env: HOOK}}
                deliver: [ops, worded]
                retry: {maxAttempts: 2, backoff: 10s}
                """),
            """
            apiVersion: writ/v1
            kind: Channel
            metadata: {name: ops}
            spec: {webhook: {url: "https://example.com/hook", secret: {env: SIGNING}}}
            """,
            """
            apiVersion: writ/v1
            kind: Channel
            metadata: {name: worded}
            spec:
              webhook: {url: "https://example.com/hook", secret: {env: SIGNING}}
              template: "{{state}} after {{event}} of {{payload.sender}}: {{output}}"
            """)
    }

    func workers(
        _ executor: any RunExecuting, on fixture: RuntimeFixture? = nil, owner: String = "one",
        limits: WorkLimits = WorkLimits(), random: Double = 1
    ) -> Workers {
        let fixture = fixture ?? self.fixture
        return Workers(
            RunWorker(
                store: fixture.store, catalogs: fixture.catalogs, executor: executor, clock: fixture.clock,
                random: { random }, metrics: fixture.metrics, logger: fixture.logger), owner: owner, limits: limits)
    }

    /// An event and its run.
    @discardableResult
    func enqueue(
        _ trigger: String = "plain", agent: String = "brief", payload: JSON = ["sender": "ada"], maxAttempts: Int = 3
    ) throws -> String {
        let acceptance = try fixture.store.accept(
            NewEvent(
                endpoint: "trigger/\(trigger)", name: "push", source: "github", payload: payload,
                headers: ["x-github-event": "push"], receivedAt: fixture.clock.now()),
            runs: [
                NewRun(
                    trigger: trigger, target: .agent(agent), revision: 1, maxAttempts: maxAttempts,
                    notBefore: fixture.clock.now())
            ])
        guard case .accepted(_, let runs) = acceptance, let run = runs.first else {
            throw Invalid(description: "no run")
        }
        return run
    }

    func stored(_ id: String) throws -> Run { try #require(try fixture.reader.run(id)) }

    func reaches(_ state: RunState, _ id: String) async throws {
        try await waitUntil("state \(state)") { try stored(id).state == state }
    }
}
