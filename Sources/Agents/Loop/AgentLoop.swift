import Spec
import State
import Values

/// One attempt of an agent: the model is asked, what it calls is called, and it is asked again, within limits.
///
/// Every attempt begins anew: the steps of one that a crash ended are kept as history and not used again. What must not
/// happen twice is marked in its step, and an attempt is not repeated after it.
struct AgentLoop: Sendable {
    let name: String
    let agent: Agent
    let model: ModelCaller
    let tools: ToolBox
    let caller: ToolCaller
    let secrets: RunSecrets
    var log: StepLog
    var messages: [ChatMessage]
    var usage: RunUsage
    /// Messages that the last recorded request had.
    var recordedMessages = 0
    private var repetition = RepetitionGuard()
    /// A tool that must not be called twice and was called.
    private var writer: String?

    /// Calls in one answer.
    static let callLimit = 32
    /// Bytes of the whole conversation.
    static let contextLimit = 4 << 20

    init(
        name: String, agent: Agent, model: ModelCaller, tools: ToolBox, caller: ToolCaller, secrets: RunSecrets,
        log: StepLog, prompt: RunPrompt
    ) {
        self.name = name
        self.agent = agent
        self.model = model
        self.tools = tools
        self.caller = caller
        self.secrets = secrets
        self.log = log
        messages = (prompt.system.isEmpty ? [] : [.system(prompt.system)]) + [.user(prompt.input)]
        usage = RunUsage(
            promptDigest: prompt.digest, model: model.isReplay ? ReplayProvider.modelName : agent.model.name)
    }

    mutating func run() async -> RunResult {
        do throws(RunFailure) {
            return .succeeded(output: secrets.redact(try await converse()), usage: usage)
        } catch {
            return error.result(usage: usage, secrets: secrets, after: writer)
        }
    }

    private mutating func converse() async throws(RunFailure) -> String {
        let steps = agent.limits.maxSteps.value
        for step in 1...max(steps, 1) {
            try checkContext()
            let answer = try await ask(step)
            messages.append(answer.message)
            guard !answer.toolCalls.isEmpty else { return try output(answer) }
            // No tool is called whose result no model would see.
            guard step < steps else { break }
            try checkTokens()
            try await call(answer.toolCalls)
        }
        throw RunFailure(
            .maxSteps, "agent \(name) was not done after \(steps) model calls, which is its limits.maxSteps")
    }

    private func output(_ answer: ChatAnswer) throws(RunFailure) -> String {
        guard let content = answer.message.content, content.contains(where: { !$0.isWhitespace }) else {
            let reason = answer.finishReason ?? "unknown"
            throw RunFailure(
                .emptyAnswer, "the model answered nothing (finish reason \(reason))",
                isRetryable: reason != "length" && reason != "content_filter")
        }
        return content
    }

    private func checkTokens() throws(RunFailure) {
        guard let limit = agent.limits.maxTokens?.value, usage.tokens >= limit else { return }
        throw RunFailure(
            .tokenBudget,
            "agent \(name) was not done after \(usage.tokens) tokens; its limits.maxTokens is \(limit)")
    }

    private func checkContext() throws(RunFailure) {
        let size = messages.reduce(0) { sum, message in
            sum + (message.content?.utf8.count ?? 0) + message.toolCalls.reduce(0) { $0 + $1.argumentsText.utf8.count }
        }
        guard size > Self.contextLimit else { return }
        throw RunFailure(
            .contextSize,
            "the conversation of agent \(name) is over \(Self.contextLimit) bytes; let its tools answer less")
    }

    /// Makes the calls of one answer, in order. If one of them is not to be made at all, none is.
    private mutating func call(_ calls: [ToolCall]) async throws(RunFailure) {
        guard calls.count <= Self.callLimit else {
            throw RunFailure(
                .tooManyCalls,
                "the model asked for \(calls.count) tool calls at once; \(Self.callLimit) are made at most")
        }
        for call in calls {
            guard let obstacle = tools[call.name]?.obstacle else { continue }
            let step = try await log.begin(.tool, call.name, request: call.arguments ?? .string(call.argumentsText))
            try await log.end(step, error: obstacle.message)
            throw obstacle
        }
        for call in calls {
            guard !Task.isCancelled else { throw RunFailure(.cancelled, "the run was given up", isRetryable: true) }
            let outcome = try await outcome(of: call)
            messages.append(.tool(outcome.text, answering: call.id))
            if repetition.isLoop(call, result: outcome.text) {
                throw RunFailure(
                    .loop,
                    "the model called the tool \(call.name) \(RepetitionGuard.limit) times with the same arguments and "
                        + "got the same result")
            }
        }
    }

    private mutating func outcome(of call: ToolCall) async throws(RunFailure) -> ToolOutcome {
        guard let entry = tools[call.name] else {
            let names = tools.entries.map(\.name)
            let known = names.isEmpty ? "there are no tools" : "there are \(names.joined(separator: ", "))"
            let failure = ToolFailure(.unknownTool, "there is no tool of this name; \(known)")
            return try await ToolCaller.refused(
                call.name, request: call.arguments ?? .string(call.argumentsText), failure, in: &log)
        }
        guard let arguments = call.arguments else {
            let failure = ToolFailure(.invalidArguments, "the arguments are not a JSON object")
            return try await ToolCaller.refused(entry.name, request: .string(call.argumentsText), failure, in: &log)
        }
        let outcome = try await caller.step(entry, arguments, in: &log)
        if outcome.hasEffect { writer = entry.name }
        if outcome.failure?.kind == .cancelled { throw RunFailure.cancelled(during: entry, outcome) }
        return outcome
    }
}

extension RunFailure {
    /// The run was given up while a tool was being called.
    static func cancelled(during entry: ToolEntry, _ outcome: ToolOutcome) -> RunFailure {
        guard outcome.hasEffect else {
            return RunFailure(
                .cancelled, "the run was given up while the tool \(entry.name) was called", isRetryable: true)
        }
        return RunFailure(
            .unknownEffect,
            "the run was given up while the tool \(entry.name), which has side effects, was called; look whether it "
                + "did its work before running again")
    }
}
