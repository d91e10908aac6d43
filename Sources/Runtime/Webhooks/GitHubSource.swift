import Outbound
import Values

/// GitHub's webhooks (docs.github.com, "Validating webhook deliveries" and "Webhook events and payloads").
struct GitHubSource: WebhookSource {
    let name = "github"
    let signatureHeader = "X-Hub-Signature-256"

    /// `sha256=` and lower-case hex, which is all that GitHub sends; `X-Hub-Signature` with its SHA-1 counts for
    /// nothing (fault F104).
    func verify(_ request: WebhookRequest, secrets: [[UInt8]]) -> SignatureVerdict {
        guard let signature = request.only(signatureHeader) else { return .missing }
        guard !signature.utf8.contains(where: { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) else {
            return .malformed
        }
        return HMACSignature.github.verify(signature, body: request.body, secrets: secrets)
    }

    func read(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookContent {
        guard let event = try request.token("X-GitHub-Event", limit: 64) else {
            throw WebhookProblem(message: "the header X-GitHub-Event is missing")
        }
        let payload = try request.json(try body(request))
        var name = event
        if let action = payload["action"]?.string, Self.isAction(action) { name += "." + action }
        guard let id = try request.token("X-GitHub-Delivery") else {
            throw WebhookProblem(
                message: "the header X-GitHub-Delivery is missing, by which GitHub's repetitions are known")
        }
        return WebhookContent(event: name, id: id, payload: payload, isPing: event == "ping")
    }

    /// With `content_type: form` the JSON is the field `payload`; signed is the form.
    private func body(_ request: WebhookRequest) throws(WebhookProblem) -> [UInt8] {
        guard request.mediaType == "application/x-www-form-urlencoded" else { return request.body }
        guard let payload = FormBody(request.body).value(of: "payload") else {
            throw WebhookProblem(message: "the form has no readable field `payload`")
        }
        return payload
    }

    private static func isAction(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
