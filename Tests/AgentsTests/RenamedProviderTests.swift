import Agents
import Outbound
import Spec
import State
import Synchronization
import TestSupport
import Testing
import Values

@Suite("A provider that is renamed while runs go on", .timeLimit(.minutes(1)))
struct RenamedProviderTests {
    /// Calls that a model holds until a test lets them go.
    private final class Held: Sendable {
        private let state = Mutex<(held: Int, most: Int, isOpen: Bool)>((0, 0, false))

        var most: Int { state.withLock(\.most) }
        var count: Int { state.withLock(\.held) }

        func open() { state.withLock { $0.isOpen = true } }

        func pass() async {
            state.withLock { state in
                state.held += 1
                state.most = max(state.most, state.held)
            }
            try? await waitUntil { state.withLock(\.isOpen) }
            state.withLock { $0.held -= 1 }
        }
    }

    /// A run of the revision that calls the provider so.
    private static func work(_ provider: String, _ identity: String) throws -> RunWork {
        var fixture = RunFixture(manifests: [])
        fixture.manifests = [
            manifest("Provider", provider, "type: openai\nbaseURL: http://127.0.0.1:1/v1\nconcurrency: 1"),
            manifest("Agent", "a", "model: {provider: \(provider), name: m}\nsystemPrompt: Be brief."),
        ]
        return RunWork(
            id: "run_\(provider)", trigger: nil, target: .agent("a"), input: "Go.", facts: [:],
            catalog: try fixture.catalog(), providers: [provider: identity])
    }

    /// - Returns: how many calls went on at the same time
    private func most(_ first: RunWork, _ second: RunWork, together: Bool) async throws -> Int {
        let held = Held()
        let client = OutboundClient()
        let executor = RunExecutor(
            client: client, secrets: SecretResolver(environment: { _ in nil }, directory: nil),
            providers: ScriptedProvider { _ in
                await held.pass()
                return .text("done")
            }, now: { Instant(seconds: 1_800_000_000) }, clock: .continuous, random: { 1 })
        await withTaskGroup(of: RunResult.self) { group in
            for work in [first, second] { group.addTask { await executor.execute(work, recorder: StepBox()) } }
            if together {
                try? await waitUntil("both call") { held.count == 2 }
            } else {
                try? await waitUntil("one waits") { executor.isSaturated(provider: "p@1") && held.count == 1 }
            }
            held.open()
            await group.waitForAll()
        }
        await client.shutdown()
        return held.most
    }

    @Test func `no more calls go on under both names than it takes`() async throws {
        #expect(try await most(Self.work("old", "p@1"), Self.work("new", "p@1"), together: false) == 1)
    }

    @Test func `another one that takes its name has places of its own`() async throws {
        #expect(try await most(Self.work("same", "p@1"), Self.work("same", "p@2"), together: true) == 2)
    }
}
