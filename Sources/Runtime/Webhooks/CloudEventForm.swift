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
        for (name, value) in event.object ?? [:] where !dataMembers.contains(name) && value != .null {
            try check(value, of: name)
        }
        guard let encoded = event["data_base64"], encoded != .null else { return }
        guard event["data"] == nil || event["data"] == .null else {
            throw WebhookProblem(message: "an event has `data` or `data_base64`, not both")
        }
        // The padding is part of it, though others may leave it out.
        guard let text = encoded.string, text.utf8.count % 4 == 0, Base64.bytes(text) != nil else {
            throw WebhookProblem(message: "the event's `data_base64` is no base64 with padding")
        }
    }

    /// Attributes of the specification's own, which are texts with something in them.
    private static let texts: Set<String> = [
        "specversion", "id", "source", "type", "subject", "time", "dataschema", "datacontenttype",
    ]

    private static func check(_ value: JSON, of name: String) throws(WebhookProblem) {
        switch value {
        case .string(let text):
            guard text.unicodeScalars.allSatisfy(isAllowed) else {
                throw WebhookProblem(
                    message: "the event's `\(name)` holds a control character, or what is no character")
            }
        case .bool where !texts.contains(name): return
        case .number(let number) where !texts.contains(name):
            guard number.int.flatMap({ Int32(exactly: $0) }) != nil else {
                throw WebhookProblem(
                    message: "the event's `\(name)` must be a whole number of 32 bits: send others as text")
            }
        default:
            let sorts = texts.contains(name) ? "a text" : "a text, a whole number, true or false"
            throw WebhookProblem(message: "the event's `\(name)` must be \(sorts)")
        }
        guard texts.contains(name) else { return }
        guard let text = value.string, !text.isEmpty else {
            throw WebhookProblem(message: "the event's `\(name)` is empty: leave it out")
        }
        switch name {
        case "time" where Instant(rfc3339: text) == nil:
            throw WebhookProblem(message: "the event's `time` must be a time of RFC 3339: 2026-01-31T09:00:00Z")
        case "source" where !URICharacters.areAll(text):
            throw WebhookProblem(message: "the event's `source` must be a URI reference: percent-encode the rest of it")
        case "dataschema" where !URICharacters.areAll(text) || !URICharacters.hasScheme(text):
            throw WebhookProblem(message: "the event's `dataschema` must be a URI with its scheme")
        default: return
        }
    }

    /// In a text (section "Type System", String).
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7F...0x9F: false
        default: !scalar.properties.isNoncharacterCodePoint
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
