import Values

/// Passes calls on to a provider and writes down what it answers, as lines of a transcript.
package struct TranscriptRecorder: ModelProvider {
    private let provider: any ModelProvider
    private let record: @Sendable (TranscriptLine) -> Void

    /// - Parameter record: called for each answer before it is given back, in the order of the calls of one run.
    package init(_ provider: any ModelProvider, record: @escaping @Sendable (TranscriptLine) -> Void) {
        self.provider = provider
        self.record = record
    }

    package func complete(
        _ request: ChatRequest, within timeout: Duration
    ) async throws(ProviderError) -> ChatAnswer {
        let answer = try await provider.complete(request, within: timeout)
        record(
            TranscriptLine(
                agent: request.agent, step: request.step, digest: request.digest, message: answer.message,
                usage: answer.usage))
        return answer
    }
}
