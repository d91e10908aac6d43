import Values

/// What a CloudEvent in structured JSON may hold, and what it means (CloudEvents 1.0.2, "Type System", and its JSON
/// format, section 3).
enum CloudEventForm {
    /// What is no attribute.
    static let dataMembers = ["data", "data_base64"]

    /// Throws for what the specification forbids, and readers would take for different things.
    static func check(_ event: JSON) throws(WebhookProblem) {
        for name in (event.object ?? [:]).keys.sorted() where !dataMembers.contains(name) {
            guard isAttributeName(name) else {
                throw WebhookProblem(
                    message: "names of attributes are of a-z and 0-9, which `\(name.prefix(40))` is not")
            }
        }
        if let time = event["time"], time != .null {
            guard let text = time.string, Instant(rfc3339: text) != nil else {
                throw WebhookProblem(message: "the event's `time` must be a time of RFC 3339: 2026-01-31T09:00:00Z")
            }
        }
        guard let encoded = event["data_base64"], encoded != .null else { return }
        guard event["data"] == nil || event["data"] == .null else {
            throw WebhookProblem(message: "an event has `data` or `data_base64`, not both")
        }
        guard let text = encoded.string, Base64.bytes(text) != nil else {
            throw WebhookProblem(message: "the event's `data_base64` is no base64")
        }
    }

    /// The same however it was sent: as one JSON object in any order, or in headers and a body, where all attributes are
    /// texts, and JSON is data whether or not it was packed as base64.
    static func digest(of event: JSON) -> Digest {
        var meaning: JSONMembers = [:]
        for (name, value) in event.object ?? [:] where !dataMembers.contains(name) && value != .null {
            meaning[name] = .string(value.string ?? value.canonicalText)
        }
        if let time = event["time"]?.string.flatMap({ Instant(rfc3339: $0) }) {
            meaning["time"] = .string(time.rfc3339)
        }
        let type = event["datacontenttype"]?.string ?? jsonType
        let media = type.prefix { $0 != ";" && $0 != " " }.lowercased()
        meaning["datacontenttype"] = .string(media)
        if let data = event["data"], data != .null {
            meaning["data"] = data
        } else if let bytes = event["data_base64"]?.string.flatMap({ Base64.bytes($0) }) {
            meaning["data"] = data(bytes, media)
        }
        return Digest(of: JSON.object(meaning).canonicalBytes)
    }

    private static let jsonType = "application/json"

    static func isJSON(_ media: String) -> Bool { media == jsonType || media.hasSuffix("+json") }

    private static func data(_ bytes: [UInt8], _ media: String) -> JSON {
        if isJSON(media), let json = try? JSON(parsing: bytes) { return json }
        return String(validating: bytes, as: UTF8.self).map(JSON.string) ?? .string(Base64.text(bytes))
    }

    private static func isAttributeName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: false
                }
            }
    }
}
