import Agents
import Outbound
import Spec
import State
import Synchronization
import TestSupport
import Testing
import Values

/// A manifest of which a test says only what matters to it.
func manifest(_ kind: String, _ name: String, _ spec: String) -> String {
    let lines = spec.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    return "apiVersion: writ/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec:\n\(lines.joined(separator: "\n"))\n"
}

/// Everything that one attempt needs, with a model that a test writes.
struct RunFixture: Sendable {
    var manifests: [String]
    var files: [String: String] = [:]
    var environment: [String: String] = [:]
    var facts: JSON = ["payload": ["title": "Broken"], "event": "push"]
    /// Parks long waits, and notes short ones.
    var clock: any Clock<Duration> = ImpatientClock()
    let steps = StepBox()
    /// What `--record` would write.
    let transcript = LineBox()

    static let provider = manifest("Provider", "model", "type: openai\nbaseURL: http://127.0.0.1:1/v1")

    /// An agent `a` of the provider `model`, with what `more` adds to its spec.
    static func agent(_ more: String = "tools: []") -> String {
        manifest("Agent", "a", "model: {provider: model, name: m}\nsystemPrompt: Be brief.\n\(more)")
    }

    func catalog() throws -> Catalog {
        let text = manifests.joined(separator: "---\n")
        let snapshot = MemorySnapshot(files.merging(["all.yaml": text]) { first, _ in first })
        let loaded = try CatalogLoader(zones: ZoneDatabase { _ in nil }).load(snapshot)
        let errors = loaded.diagnostics.filter { $0.severity == .error }
        try #require(errors.isEmpty, "\(errors.map { "\($0.place): \($0.message)" })")
        return loaded.catalog
    }

    /// Runs the agent `a`, or the given target.
    ///
    /// - Parameter model: answers each request; without one the real providers do.
    func run(
        _ target: RunTarget = .agent("a"), id: String = "run_1", trigger: String? = nil, input: JSON? = "Go.",
        model: ScriptedProvider.Answer? = nil
    ) async throws -> RunResult {
        let client = OutboundClient()
        let work = RunWork(
            id: id, trigger: trigger, target: target, input: input, facts: facts, catalog: try catalog())
        let now: @Sendable () -> Instant = { Instant(seconds: 1_800_000_000) }
        let variables = environment
        let providers: any ProviderSource =
            model.map { ScriptedProvider(answer: $0) } ?? StandardProviders(client: client, now: now)
        let executor = RunExecutor(
            client: client, secrets: SecretResolver(environment: { variables[$0] }, directory: nil),
            providers: providers, now: now, clock: clock, random: { 1 })
        let result = await executor.execute(work, recorder: steps, transcript: { transcript.add($0.text) })
        await client.shutdown()
        return result
    }
}

/// A model whose answers are a function of the request.
struct ScriptedProvider: ModelProvider, ProviderSource {
    typealias Answer = @Sendable (ChatRequest) async throws(ProviderError) -> ChatAnswer

    let answer: Answer

    func complete(_ request: ChatRequest, within timeout: Duration) async throws(ProviderError) -> ChatAnswer {
        try await answer(request)
    }

    func provider(
        named name: String, _ spec: Provider, secrets: RunSecrets
    ) throws(RunFailure) -> any ModelProvider { self }
}

extension ChatAnswer {
    static func text(_ text: String?, tokens: Int = 10, finish: String = "stop") -> ChatAnswer {
        ChatAnswer(
            message: .assistant(text), finishReason: finish, usage: TokenUsage(input: tokens, output: 1), model: "m-1")
    }

    static func calls(_ calls: (String, String)..., tokens: Int = 10) -> ChatAnswer {
        let wishes = calls.enumerated().map { place, call in
            ToolCall(id: "call_\(place + 1)", name: call.0, argumentsText: call.1)
        }
        return ChatAnswer(
            message: .assistant(nil, toolCalls: wishes), finishReason: "tool_calls",
            usage: TokenUsage(input: tokens, output: 1), model: "m-1")
    }
}

/// Steps as they were recorded.
final class StepBox: StepRecorder {
    struct Refused: Error {}

    private let state = Mutex<(history: [Step], refused: @Sendable (Step) -> Bool)>(([], { _ in false }))

    /// Every recording, in order.
    var history: [Step] { state.withLock { $0.history } }

    /// The last recording of each step.
    var all: [Step] {
        var byNumber: [Int: Step] = [:]
        for step in history { byNumber[step.number] = step }
        return byNumber.values.sorted { $0.number < $1.number }
    }

    /// Everything recorded as text, for looking whether something is in it.
    var text: String { history.map { "\($0)" }.joined(separator: "\n") }

    func refuse(_ step: @escaping @Sendable (Step) -> Bool) {
        state.withLock { $0.refused = step }
    }

    func record(_ step: Step) throws {
        try state.withLock { state in
            if state.refused(step) { throw Refused() }
            state.history.append(step)
        }
    }
}

/// Lines of a transcript.
final class LineBox: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }
}

/// Lets short waits pass at once; a wait of over a minute lasts until it is cancelled.
final class ImpatientClock: Clock {
    private let waits = Mutex<[Duration]>([])

    var now: ContinuousClock.Instant { ContinuousClock.now }
    var minimumResolution: Duration { .zero }
    /// The short waits, in whole seconds rounded to the nearest.
    var seconds: [Int64] { waits.withLock { $0.map { ($0 + .milliseconds(500)).components.seconds } } }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        let wait = now.duration(to: deadline)
        if wait > .seconds(61) { try await Task.sleep(for: .seconds(86_400)) }
        waits.withLock { $0.append(wait) }
    }
}

extension RunResult {
    var output: String? {
        if case .succeeded(let output, _) = self { output } else { nil }
    }

    var error: String? {
        if case .failed(let error, _, _, _, _) = self { error } else { nil }
    }

    var reason: RunReason? {
        if case .failed(_, let reason, _, _, _) = self { reason } else { nil }
    }

    var isRetryable: Bool {
        if case .failed(_, _, let isRetryable, _, _) = self { isRetryable } else { false }
    }
}
