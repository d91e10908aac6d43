import Outbound
import Values

/// A service with OpenAI's chat completions interface: OpenAI itself, and the many that copy it.
package struct OpenAIProvider: ModelProvider {
    package static let defaultBaseURL = "https://api.openai.com/v1"

    private let name: String
    private let url: String
    private let apiKey: String?
    private let headers: [(String, String)]
    private let client: OutboundClient
    private let now: @Sendable () -> Instant

    /// - Parameters:
    ///   - name: of the provider, for messages.
    ///   - baseURL: with its `/v1`, where it has one; the operator's word, so that private networks are open to it.
    ///   - headers: further ones of each call; their values may be secrets.
    ///   - now: what a date in `Retry-After` is measured against.
    package init(
        name: String, baseURL: String = OpenAIProvider.defaultBaseURL, apiKey: String?,
        headers: [(String, String)] = [], client: OutboundClient, now: @escaping @Sendable () -> Instant
    ) {
        self.name = name
        var base = baseURL[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        url = base + "/chat/completions"
        self.apiKey = apiKey
        self.headers = headers
        self.client = client
        self.now = now
    }

    package func complete(
        _ request: ChatRequest, within timeout: Duration
    ) async throws(ProviderError) -> ChatAnswer {
        var headers = [("Content-Type", "application/json"), ("Accept", "application/json")]
        if let apiKey { headers.append(("Authorization", "Bearer \(apiKey)")) }
        headers.append(contentsOf: self.headers)
        if let key = request.key, !headers.contains(where: { $0.0.lowercased() == "idempotency-key" }) {
            headers.append(("Idempotency-Key", key))
        }
        let response: OutboundResponse
        do {
            response = try await client.send(
                OutboundRequest(
                    method: "POST", url: url, headers: headers, body: OpenAIFormat.body(request).canonicalBytes,
                    timeout: timeout, maxResponseBytes: 4 << 20, policy: .allowPrivate))
        } catch {
            throw ProviderError(error, provider: name)
        }
        guard response.isSuccess else {
            let secrets = [apiKey].compactMap(\.self) + self.headers.map(\.1)
            throw OpenAIFailure(response, secrets: secrets).error(provider: name, model: request.model, now: now())
        }
        let json: JSON
        do {
            json = try JSON(parsing: response.body)
        } catch {
            throw ProviderError(.badAnswer, "provider \(name) answers no JSON (\(error))")
        }
        guard let answer = OpenAIFormat.answer(json, to: request) else {
            throw ProviderError(.badAnswer, "provider \(name) answers JSON that is no chat completion")
        }
        return answer
    }
}
