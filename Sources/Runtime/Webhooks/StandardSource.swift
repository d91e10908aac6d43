import Outbound
import Values

/// Senders that follow Standard Webhooks 1.0 (standardwebhooks.com): `whsec_` secrets, or `whpk_` public keys.
struct StandardSource: WebhookSource {
    let name = "standard"
    let signatureHeader = "webhook-signature"

    func problem(with secret: [UInt8]) -> String? {
        do {
            _ = try StandardWebhooks(verifying: [String(decoding: secret, as: UTF8.self)])
            return nil
        } catch {
            return "cannot be used: \(error.message)"
        }
    }

    func verify(_ request: WebhookRequest, secrets: [[UInt8]], now: Instant) -> SignatureVerdict {
        guard let keys = try? StandardWebhooks(verifying: secrets.map { String(decoding: $0, as: UTF8.self) }) else {
            return .wrong
        }
        return keys.verify(
            id: request.only("webhook-id"), timestamp: request.only("webhook-timestamp"),
            signature: request.only(signatureHeader), body: request.body, now: now)
    }

    func read(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookMessage {
        let payload = try request.jsonText(request.body)
        let type = payload["type"]?.string.flatMap { text in
            text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                EventWord.isSound(String($0).lowercased())
            } && text.utf8.count <= 100 ? text : nil
        }
        return .event(
            WebhookContent(
                event: type ?? GenericSource.defaultEvent, id: try request.token("webhook-id"), payload: payload))
    }
}
