import Outbound
import Spec
import State
import Values

/// Runs one attempt of one run, of an agent or of a tool, to its end.
///
/// It decides nothing about further attempts and writes to no database: steps go to the recorder, the rest is in the
/// result. Cancelling the task ends the attempt soon, with a result.
package struct RunExecutor: Sendable {
    let client: OutboundClient
    let secrets: SecretResolver
    let providers: any ProviderSource
    let now: @Sendable () -> Instant
    let clock: any Clock<Duration>
    let random: @Sendable () -> Double
    let retry: RetryPolicy
    let gates = ConcurrencyGates()

    /// How often, within one attempt, a provider is asked again that fails for a while.
    package static let providerRetry = RetryPolicy(
        maxAttempts: 4, backoff: .seconds(1), maxDelay: .seconds(20), maxRetryAfter: .seconds(60))

    /// - Parameters:
    ///   - now: for the times of steps.
    ///   - clock: what limits are measured with.
    ///   - random: 0 to 1, for the waits between tries.
    package init(
        client: OutboundClient, secrets: SecretResolver, providers: any ProviderSource,
        now: @escaping @Sendable () -> Instant, clock: any Clock<Duration>, random: @escaping @Sendable () -> Double,
        retry: RetryPolicy = RunExecutor.providerRetry
    ) {
        self.client = client
        self.secrets = secrets
        self.providers = providers
        self.now = now
        self.clock = clock
        self.random = random
        self.retry = retry
    }

    /// Whether calls of a provider wait for a place among those that it takes at the same time.
    ///
    /// - Parameter provider: see `RunWork.providers`
    package func isSaturated(provider: String) -> Bool { gates.waiting(for: provider) > 0 }

    package func execute(_ work: RunWork, recorder: any StepRecorder) async -> RunResult {
        await execute(work, recorder: recorder, transcript: nil)
    }

    /// - Parameter transcript: is given each answer of a model, as a line that replays it.
    package func execute(
        _ work: RunWork, recorder: any StepRecorder, transcript: (@Sendable (TranscriptLine) -> Void)?
    ) async -> RunResult {
        let secrets = RunSecrets(self.secrets)
        let log = StepLog(recorder, run: work.id, secrets: secrets, now: now)
        do throws(RunFailure) {
            switch work.target {
            case .agent(let name):
                let agent = try agent(name, work)
                let loop = try agentLoop(name, agent, work, secrets: secrets, log: log, transcript: transcript)
                return await run(loop, within: agent.limits.timeout)
            case .tool(let name):
                return try await runTool(name, work, secrets: secrets, log: log)
            }
        } catch {
            return error.result(usage: RunUsage(), secrets: secrets)
        }
    }

    private func agent(_ name: String, _ work: RunWork) throws(RunFailure) -> Agent {
        guard let agent = work.catalog.spec(Agent.self, named: name) else {
            throw RunFailure(.notFound, "there is no agent \(name) in this revision")
        }
        guard !agent.suspend else { throw RunFailure(.suspended, "agent \(name) is suspended") }
        return agent
    }

    private func agentLoop(
        _ name: String, _ agent: Agent, _ work: RunWork, secrets: RunSecrets, log: StepLog,
        transcript: (@Sendable (TranscriptLine) -> Void)?
    ) throws(RunFailure) -> AgentLoop {
        let reference = agent.model.provider
        guard let spec = work.catalog[reference] else {
            throw RunFailure(.notFound, "agent \(name) uses the provider \(reference.name), which does not exist")
        }
        let tools = ToolBox(agent, work.catalog)
        secrets.learn(spec.secretReferences + tools.entries.flatMap(\.tool.secretReferences))
        let prompt = try RunPrompt(agent, named: name, work: work)
        var provider = try providers.provider(named: reference.name, spec, secrets: secrets)
        if let transcript {
            provider = TranscriptRecorder(provider) { transcript($0.redacted(secrets)) }
        }
        let model = ModelCaller(
            name: reference.name, spec: spec, provider: provider, gates: gates,
            gate: work.providers[reference.name] ?? reference.name, retry: retry, clock: clock, random: random)
        return AgentLoop(
            name: name, agent: agent, model: model, tools: tools,
            caller: ToolCaller(client: client, secrets: secrets, now: now), secrets: secrets, log: log, prompt: prompt)
    }

    /// Runs the loop against the clock. When time is up it is cancelled, and says itself what it used.
    private func run(_ loop: AgentLoop, within timeout: Duration) async -> RunResult {
        let clock = self.clock
        let results = await withTaskGroup(of: RunResult?.self) { group -> (result: RunResult?, isLate: Bool) in
            group.addTask {
                var loop = loop
                return await loop.run()
            }
            group.addTask {
                try? await clock.sleep(for: timeout)
                return nil
            }
            var isLate = false
            var result = await group.next() ?? nil
            if result == nil {
                isLate = !Task.isCancelled
                group.cancelAll()
                result = await group.next() ?? nil
            }
            group.cancelAll()
            return (result, isLate)
        }
        let lost = RunFailure(.cancelled, "the run was given up", isRetryable: true)
        let result = results.result ?? lost.result(usage: RunUsage(), secrets: loop.secrets)
        guard results.isLate, case .failed(_, .cancelled, let isRetryable, _, let usage) = result else { return result }
        return .failed(
            error: "agent \(loop.name) was not done within \(timeout.manifestText), which is its limits.timeout",
            reason: .timeout, isRetryable: isRetryable, retryAfter: nil, usage: usage)
    }
}

extension TranscriptLine {
    fileprivate func redacted(_ secrets: RunSecrets) -> TranscriptLine {
        let calls = message.toolCalls.map {
            ToolCall(id: $0.id, name: $0.name, argumentsText: secrets.redact($0.argumentsText))
        }
        return TranscriptLine(
            agent: agent, step: step, digest: digest,
            message: .assistant(message.content.map { secrets.redact($0) }, toolCalls: calls), usage: usage)
    }
}
