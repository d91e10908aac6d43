import Outbound
import Values

/// CloudEvents 1.0 over HTTP in its three modes (github.com/cloudevents/spec, HTTP protocol binding), with the secret as
/// a bearer token. In each mode the payload is the event as structured JSON.
struct CloudEventsSource: WebhookSource {
    let name = "cloudevents"
    let signatureHeader = "Authorization"

    /// Events of one batch.
    private static let batch = 100

    func verify(_ request: WebhookRequest, secrets: [[UInt8]], now: Instant) -> SignatureVerdict {
        BearerToken.verify(request, secrets: secrets)
    }

    func read(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookMessage {
        switch request.mediaType {
        case "application/cloudevents+json": return .event(try content(try request.json(request.body)))
        case "application/cloudevents-batch+json":
            guard let events = try request.json(request.body).array, events.count <= Self.batch else {
                throw WebhookProblem(message: "a batch is a list of at most \(Self.batch) events")
            }
            guard !events.isEmpty else { return .nothing(reply: .json(["ok": true, "message": "an empty batch"])) }
            var contents: [WebhookContent] = []
            for event in events { contents.append(try content(event)) }
            return .events(contents)
        case let type where type.hasPrefix("application/cloudevents"):
            throw WebhookProblem(message: "the event format \(type) is not known: send JSON")
        default: return .event(try content(try binary(request)))
        }
    }

    func isSame(_ stored: JSON, as content: WebhookContent) -> Bool {
        CloudEventForm.digest(of: stored) == content.digest
    }

    private func content(_ event: JSON) throws(WebhookProblem) -> WebhookContent {
        guard event["specversion"]?.string == "1.0" else {
            throw WebhookProblem(message: "the event's `specversion` must be 1.0")
        }
        try CloudEventForm.check(event)
        func attribute(_ name: String, _ limit: Int) throws(WebhookProblem) -> String {
            guard let text = event[name]?.string, (1...limit).contains(text.utf8.count),
                text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { throw WebhookProblem(message: "the event's `\(name)` must have 1 to \(limit) characters") }
            return text
        }
        let type = try attribute("type", 200)
        guard !type.utf8.contains(0x20) else { throw WebhookProblem(message: "the event's `type` holds a space") }
        // An id is unique with its source only.
        let key = "\(try attribute("id", 500)) \(try attribute("source", 1_000))"
        return WebhookContent(
            event: type, id: key.utf8.count <= 200 ? key : Digest(of: key.utf8).text, payload: event,
            digest: CloudEventForm.digest(of: event))
    }

    /// Attributes in headers, percent-encoded; the data is the body.
    private func binary(_ request: WebhookRequest) throws(WebhookProblem) -> JSON {
        var event: JSONMembers = [:]
        for (header, value) in request.fields(prefix: "ce-").prefix(64) {
            let name = String(header.dropFirst(3))
            guard name != "datacontenttype" else {
                throw WebhookProblem(message: "send the type of the data as Content-Type, and not as \(header)")
            }
            guard !CloudEventForm.dataMembers.contains(name) else {
                throw WebhookProblem(message: "the data is the body: no header \(header) can hold it")
            }
            guard event[name] == nil else {
                throw WebhookProblem(message: "the header \(header) must be there only once")
            }
            guard let text = CloudEventHeader.text(value) else {
                throw WebhookProblem(
                    message: "the header \(header) cannot be read: percent-encode its value as UTF-8, `%22` for a quote"
                )
            }
            event[name] = .string(text)
        }
        guard !event.isEmpty else {
            throw WebhookProblem(
                message:
                    "this is no CloudEvent: send it with Content-Type application/cloudevents+json, or with `ce-` headers"
            )
        }
        let type = request.mediaType
        if !type.isEmpty { event["datacontenttype"] = .string(type) }
        if request.body.isEmpty { return .object(event) }
        if CloudEventForm.isJSON(type) {
            event["data"] = try request.json(request.body)
        } else if let text = String(validating: request.body, as: UTF8.self), !request.body.contains(0) {
            event["data"] = .string(text)
        } else {
            event["data_base64"] = .string(Base64.text(request.body))
        }
        return .object(event)
    }
}
