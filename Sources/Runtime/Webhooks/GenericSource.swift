import Outbound
import Spec
import Values

/// Any sender that signs the raw body with an HMAC, or sends the secret as a bearer token.
struct GenericSource: WebhookSource {
    let name = "generic"
    let webhook: Trigger.Webhook

    /// The event's name where the sender gives none.
    static let defaultEvent = "webhook"

    init(_ webhook: Trigger.Webhook) {
        self.webhook = webhook
    }

    var signatureHeader: String { webhook.bearer ? "Authorization" : webhook.signature.header }

    func verify(_ request: WebhookRequest, secrets: [[UInt8]], now: Instant) -> SignatureVerdict {
        if webhook.bearer { return BearerToken.verify(request, secrets: secrets) }
        guard let value = request.only(signatureHeader) else {
            return request.withoutOnly(signatureHeader)
        }
        let signature = HMACSignature(
            algorithm: webhook.signature.algorithm == .sha256 ? .sha256 : .sha512,
            encoding: webhook.signature.encoding == .hex ? .hex : .base64, prefix: webhook.signature.prefix)
        return signature.verify(value, body: request.body, secrets: secrets)
    }

    func read(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookMessage {
        .event(
            WebhookContent(
                event: try request.token(webhook.eventHeader, limit: 100) ?? Self.defaultEvent,
                id: try request.token(webhook.idHeader), payload: try request.jsonText(request.body)))
    }
}
