import Outbound
import Values

/// GitHub's webhooks (docs.github.com, "Validating webhook deliveries" and "Webhook events and payloads").
struct GitHubSource: WebhookSource {
    let name = "github"
    let signatureHeader = "X-Hub-Signature-256"

    /// `sha256=` and lower-case hex, which is all that GitHub sends; `X-Hub-Signature` with its SHA-1 counts for
    /// nothing (fault F104).
    func verify(_ request: WebhookRequest, secrets: [[UInt8]], now: Instant) -> SignatureVerdict {
        guard let signature = request.only(signatureHeader) else {
            return request.withoutOnly(signatureHeader)
        }
        guard !signature.utf8.contains(where: { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) else {
            return .malformed
        }
        return HMACSignature.github.verify(signature, body: request.body, secrets: secrets)
    }

    func read(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookMessage {
        guard let event = try request.token("X-GitHub-Event", limit: 64) else {
            throw WebhookProblem(message: "the header X-GitHub-Event is missing")
        }
        let payload = try request.jsonText(try body(request))
        var name = event
        if let action = payload["action"]?.string, EventWord.isSound(action) { name += "." + action }
        guard let id = try request.token("X-GitHub-Delivery") else {
            throw WebhookProblem(
                message: "the header X-GitHub-Delivery is missing, by which GitHub's repetitions are known")
        }
        if event == "ping" { return .nothing(reply: .json(["ok": true, "message": "pong"])) }
        // As of the delivery that GitHub sends when the webhook has the other content type.
        return .event(
            WebhookContent(
                event: name, id: id, payload: payload, digest: isForm(request) ? Digest(of: payload.bytes) : nil))
    }

    /// GitHub sends one delivery as a form or as JSON, whichever the webhook says at that time.
    func isSame(_ stored: JSON, as content: WebhookContent) -> Bool { stored == content.payload.value }

    private func isForm(_ request: WebhookRequest) -> Bool {
        request.mediaType == "application/x-www-form-urlencoded"
    }

    /// With `content_type: form` the JSON is the field `payload`; signed is the form.
    private func body(_ request: WebhookRequest) throws(WebhookProblem) -> [UInt8] {
        guard isForm(request) else { return request.body }
        guard let payload = FormBody(request.body).value(of: "payload") else {
            throw WebhookProblem(message: "the form has no readable field `payload`")
        }
        return payload
    }
}
