import Outbound
import Values

/// Updates of a Telegram bot (core.telegram.org/bots/api, `setWebhook` and `Update`). There is no signature: the
/// sender shows the secret token that `setWebhook` was given.
struct TelegramSource: WebhookSource {
    let name = "telegram"
    let signatureHeader = "X-Telegram-Bot-Api-Secret-Token"

    func problem(with secret: [UInt8]) -> String? {
        let isToken = (1...256).contains(secret.count) && secret.allSatisfy(Self.isTokenByte)
        return isToken ? nil : "is no secret token of Telegram's: 1 to 256 of A-Z, a-z, 0-9, _ and -"
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    func verify(_ request: WebhookRequest, secrets: [[UInt8]], now: Instant) -> SignatureVerdict {
        guard let token = request.only(signatureHeader) else { return request.withoutOnly(signatureHeader) }
        return SecretToken.verify(token, secrets: secrets)
    }

    func read(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookMessage {
        let body = try request.json(request.body)
        guard let object = body.object, let id = body["update_id"]?.int else {
            throw WebhookProblem(message: "the body has no `update_id`")
        }
        // An update holds one thing beside its number.
        let kinds = object.keys.filter { $0 != "update_id" }.sorted()
        guard let kind = kinds.first, kinds.count == 1, EventWord.isSound(kind) else {
            throw WebhookProblem(message: "an update holds one thing beside its `update_id`")
        }
        let chat = body[kind]?["chat"] ?? body[kind]?["message"]?["chat"]
        let type = chat?["type"]?.string.flatMap { EventWord.isSound($0) ? $0 : nil }
        return .event(
            WebhookContent(event: type.map { "\(kind).\($0)" } ?? kind, id: String(id), payload: body))
    }
}
