import Outbound
import Values

/// An answer with an error status: `{"error": {"message", "type", "code"}}`, or anything else.
struct OpenAIFailure {
    private let response: OutboundResponse
    private let message: String?
    private let code: String?

    /// - Parameter secrets: what was sent and must not come back in a message.
    init(_ response: OutboundResponse, secrets: [String]) {
        self.response = response
        let json = try? JSON(parsing: response.body)
        let error = json?["error"]
        let words = error?["message"]?.string ?? error?.string
        message = words.map { Self.safe($0, secrets) }
        code = error?["code"]?.string ?? error?["type"]?.string
    }

    func error(provider: String, model: String, now: Instant) -> ProviderError {
        let status = response.status
        let told = message.map { ": \($0)" } ?? ""
        let retryAfter = RetryAfter.delay(response.headers, now: now)
        switch status {
        case 401, 403:
            // Nothing of what it says: several print a part of the key.
            return ProviderError(
                .unauthorized, "provider \(provider) refuses the key (status \(status)); check its apiKey")
        case 429 where code == "insufficient_quota":
            return ProviderError(.quotaExceeded, "provider \(provider): the account's quota is used up")
        case 429:
            return ProviderError(.rateLimited, "provider \(provider) limits the rate\(told)", retryAfter: retryAfter)
        case 408, 409, 425, 500...:
            return ProviderError(
                .unavailable, "provider \(provider) fails with status \(status)\(told)", retryAfter: retryAfter)
        case 404:
            return ProviderError(
                .rejected, "provider \(provider) does not know the model \(model), or its baseURL is wrong\(told)")
        default:
            return ProviderError(.rejected, "provider \(provider) rejects the request (status \(status))\(told)")
        }
    }

    /// One short line of outside text, without secrets.
    private static func safe(_ text: String, _ secrets: [String]) -> String {
        var clean = String(text.prefix(4_000))
        for secret in secrets where !secret.isEmpty { clean = clean.split(separator: secret).joined(separator: "***") }
        let line = clean.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : $0 }
        return String(String.UnicodeScalarView(line.prefix(400)))
    }
}
