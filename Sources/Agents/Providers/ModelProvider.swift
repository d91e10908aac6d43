/// What serves models: a service, or a transcript.
package protocol ModelProvider: Sendable {
    /// Asks for one answer. No attempt is repeated here: the error says whether, and when, that makes sense.
    func complete(_ request: ChatRequest, within timeout: Duration) async throws(ProviderError) -> ChatAnswer
}
