import Spec
import State
import Values

extension AgentLoop {
    /// Asks the model, and asks again where its provider fails for a while (fault H143). Each try is a step.
    mutating func ask(_ number: Int) async throws(RunFailure) -> ChatAnswer {
        var request = self.request(number)
        request.key = log.keys.question(request)
        var attempt = 1
        while true {
            guard !Task.isCancelled else { throw RunFailure(.cancelled, "the run was given up", isRetryable: true) }
            let step = try await log.begin(.model, agent.model.name, request: recorded(request), digest: request.digest)
            let failure: ProviderError
            do {
                let answer = try await model.complete(request)
                usage.add(answer.usage)
                usage.model = StepLog.column(secrets.redact(answer.model))
                recordedMessages = messages.count
                try await log.end(step, response: Self.recorded(answer), usage: answer.usage)
                return answer
            } catch let error as ProviderError {
                failure = error
            } catch let error as RunFailure {
                throw error
            } catch {
                throw RunFailure(.provider, "\(error)")
            }
            try await log.end(step, error: failure.message)
            try await model.wait(after: failure, attempt: attempt)
            attempt += 1
        }
    }

    private func request(_ number: Int) -> ChatRequest {
        var limit = agent.model.maxOutputTokens?.value
        if let own = limit, let budget = agent.limits.maxTokens?.value {
            limit = max(min(own, budget - usage.tokens), 1)
        }
        return ChatRequest(
            agent: name, step: number, model: agent.model.name, messages: messages, tools: tools.definitions,
            temperature: agent.model.temperature?.number, topP: agent.model.topP?.number, maxOutputTokens: limit,
            stop: agent.model.stop ?? [], seed: agent.model.seed)
    }

    /// What was added since the last answer; the steps before it have the rest.
    private func recorded(_ request: ChatRequest) -> JSON {
        var object: JSONMembers = [
            "messages": .array(messages.dropFirst(recordedMessages).map(\.json)), "model": .string(request.model),
            "provider": .string(model.name),
        ]
        if !request.tools.isEmpty { object["tools"] = .array(request.tools.map { .string($0.name) }) }
        return .object(object)
    }

    private static func recorded(_ answer: ChatAnswer) -> JSON {
        var object: JSONMembers = ["message": answer.message.json, "model": .string(answer.model)]
        object["finishReason"] = answer.finishReason.map(JSON.string)
        return .object(object)
    }
}
