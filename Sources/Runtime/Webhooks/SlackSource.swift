import Outbound
import Values

/// Slack's Events API, slash commands and interactions (docs.slack.dev, "Verifying requests from Slack").
struct SlackSource: WebhookSource {
    let name = "slack"
    let signatureHeader = "X-Slack-Signature"

    private static let timestampHeader = "X-Slack-Request-Timestamp"
    /// Seconds, each way.
    private static let tolerance: UInt64 = 300

    func verify(_ request: WebhookRequest, secrets: [[UInt8]], now: Instant) -> SignatureVerdict {
        guard let signature = request.only(signatureHeader), let timestamp = request.only(Self.timestampHeader) else {
            return request.withoutOnly(request.count(of: signatureHeader) == 1 ? Self.timestampHeader : signatureHeader)
        }
        guard (1...12).contains(timestamp.utf8.count), timestamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let seconds = Int64(timestamp)
        else { return .malformed }
        let verdict = HMACSignature(prefix: "v0=").verify(
            signature, body: Array("v0:\(timestamp):".utf8) + request.body, secrets: secrets)
        guard verdict == .valid else { return verdict }
        return (now.seconds - seconds).magnitude <= Self.tolerance ? .valid : .expired
    }

    func read(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookMessage {
        if request.mediaType == "application/x-www-form-urlencoded" { return try form(request) }
        let body = Self.withoutSecrets(try request.json(request.body))
        guard let type = body["type"]?.string else {
            throw WebhookProblem(message: "the body has no `type`")
        }
        switch type {
        case "url_verification":
            guard let challenge = body["challenge"]?.string, challenge.utf8.count <= 1_000 else {
                throw WebhookProblem(message: "the body has no `challenge`")
            }
            return .nothing(reply: InboxReply(contentType: "text/plain", body: challenge))
        case "event_callback": return try callback(body)
        default:
            guard EventWord.isSound(type) else { throw WebhookProblem(message: "the body's `type` is no name") }
            return .event(WebhookContent(event: type, id: nil, payload: body))
        }
    }

    private func callback(_ body: JSON) throws(WebhookProblem) -> WebhookMessage {
        guard let event = body["event"], let type = event["type"]?.string, EventWord.isSound(type),
            let id = body["event_id"]?.string, (1...200).contains(id.utf8.count)
        else {
            throw WebhookProblem(message: "the event has no `event_id`, or its `type` is no name")
        }
        // What we say ourselves comes back, and answering that would go on for ever.
        if Self.isOwn(event, body) { return .nothing(reply: .json(["ok": true, "message": "our own"])) }
        var name = type
        if type == "message", let channel = event["channel_type"]?.string, EventWord.isSound(channel) {
            name += "." + channel
        }
        return .event(WebhookContent(event: name, id: id, payload: body))
    }

    /// What the bot does without a word: nothing that is done about it brings another one of these.
    private static let wordless: Set<String> = ["member_joined_channel", "member_left_channel"]

    private static func isOwn(_ event: JSON, _ body: JSON) -> Bool {
        if let type = event["type"]?.string, wordless.contains(type) { return false }
        let said = said(event)
        let app = body["api_app_id"]?.string
        if let app, said["app_id"]?.string == app || said["bot_profile"]?["app_id"]?.string == app { return true }
        // Events of files call it otherwise.
        guard let user = said["user"]?.string ?? said["user_id"]?.string else { return false }
        return (body["authorizations"]?.array ?? []).contains { $0["is_bot"] == true && $0["user_id"]?.string == user }
    }

    /// What says whose it is. Of an edit that is the message itself, as Slack edits, too, when it shows what is behind a link;
    /// where the message is gone, or only the place of it is left, what it was.
    private static func said(_ event: JSON) -> JSON {
        switch event["subtype"]?.string {
        case "message_changed":
            let message = event["message"] ?? event
            return message["subtype"]?.string == "tombstone" ? event["previous_message"] ?? message : message
        case "message_deleted": return event["previous_message"] ?? event
        default: return event
        }
    }

    /// Slash commands, and what people do with buttons and dialogs.
    private func form(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookMessage {
        let form = FormBody(request.body)
        if let payload = form.value(of: "payload") {
            let whole = try request.json(payload)
            let body = Self.withoutSecrets(whole)
            guard let type = body["type"]?.string, EventWord.isSound(type) else {
                throw WebhookProblem(message: "the form's `payload` has no `type`")
            }
            let content = WebhookContent(
                event: type, id: body["trigger_id"]?.string, payload: body, answerAt: Self.answerAt(whole))
            // Of an interaction Slack shows no text, and a dialog closes at nothing else.
            let empty = InboxReply(contentType: "text/plain", body: "")
            return .asked(content, replies: AskedReplies(taken: empty, suspended: empty, nothing: empty))
        }
        let fields = form.fields(limit: 64)
        // Slack looks now and then whether the certificate of a command's address is good.
        if fields?["ssl_check"] == "1", fields?["command"] == nil {
            return .nothing(reply: .json(["ok": true, "message": "a check of the certificate"]))
        }
        guard let fields, let command = fields["command"], command.hasPrefix("/") else {
            throw WebhookProblem(message: "the form has neither a `command` nor a `payload`")
        }
        let word = String(command.dropFirst()).lowercased()
        guard EventWord.isSound(word) else { throw WebhookProblem(message: "the command is no name") }
        let whole = JSON.object(JSONMembers(fields, JSON.string))
        return .asked(
            WebhookContent(
                event: "command.\(word)", id: fields["trigger_id"], payload: Self.withoutSecrets(whole),
                answerAt: Self.answerAt(whole)),
            replies: AskedReplies(
                taken: Self.told("Taken on."), suspended: Self.told("Not taken on: this is suspended for now."),
                nothing: Self.told("Not taken on: nothing is started by this.")))
    }

    /// Only whoever wrote the command sees it.
    private static func told(_ text: JSON) -> InboxReply { .json(["response_type": "ephemeral", "text": text]) }

    /// The verification token of old is a secret, and says nothing that the signature does not. Whoever knows the
    /// addresses for answers can answer: they are kept apart, for who sends answers.
    private static func withoutSecrets(_ body: JSON) -> JSON {
        guard var object = body.object else { return body }
        for name in ["token", "response_url", "response_urls"] { object[name] = nil }
        return .object(object)
    }

    /// How long Slack takes answers.
    private static let answering = Duration.seconds(30 * 60)

    /// Of a dialog there may be several, for different conversations: the first one is taken.
    private static func answerAt(_ body: JSON) -> (url: String, for: Duration)? {
        let url = body["response_url"]?.string ?? body["response_urls"]?.array?.first?["response_url"]?.string
        guard let url, (1...2_048).contains(url.utf8.count) else { return nil }
        return (url, answering)
    }
}
