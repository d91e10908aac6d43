import Values

/// Answers from a transcript: no key, no network, the same answers in every run. It never passes for a model: its
/// answers say `replay`.
package struct ReplayProvider: ModelProvider {
    package static let modelName = "replay"

    private let transcript: Transcript

    package init(_ transcript: Transcript) {
        self.transcript = transcript
    }

    package func complete(
        _ request: ChatRequest, within timeout: Duration
    ) async throws(ProviderError) -> ChatAnswer {
        guard let line = transcript.line(for: request) else { throw miss(request) }
        return ChatAnswer(
            message: line.message, finishReason: line.message.toolCalls.isEmpty ? "stop" : "tool_calls",
            usage: line.usage, model: Self.modelName)
    }

    private func miss(_ request: ChatRequest) -> ProviderError {
        let line = TranscriptLine(
            agent: request.agent, step: request.step, digest: request.digest, message: .assistant("…"),
            usage: TokenUsage())
        return ProviderError(
            .notRecorded,
            "no answer is recorded for agent \(request.agent), step \(request.step), messages \(request.digest); "
                + "add to \(transcript.path) the line \(line.text) (without `digest` it answers any messages), "
                + "or record it with a real provider: writ run agent/\(request.agent) --record FILE")
    }
}
