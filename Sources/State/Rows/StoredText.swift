import Values

/// Bounds on what is stored of texts that agents, tools and receivers made (fault E97).
enum StoredText {
    /// Bytes of one field.
    static let limit = 256 << 10
    /// Bytes of the longest text that is stored whole.
    static let longest = 8 << 20

    /// The text, or its beginning and how long it was.
    static func capped(_ text: String?, limit: Int = limit) -> String? {
        guard let text, text.utf8.count > limit else { return text }
        return beginning(of: text, bytes: limit) + "\n[truncated: the first \(limit) of \(text.utf8.count) bytes]"
    }

    /// The value, or an object that says how long its text was and how that began.
    static func capped(_ json: JSON?) -> JSON? {
        guard let json else { return nil }
        let text = json.writtenText
        guard text.utf8.count > limit else { return json }
        return [
            "truncated": true, "bytes": .number(JSONNumber(text.utf8.count)),
            // Escaping may double a text.
            "beginning": .string(beginning(of: text, bytes: limit / 2)),
        ]
    }

    /// The text of as many elements from the beginning as there is room for; anything but a list like `capped`.
    static func cappedListText(_ json: JSON) -> String? {
        let text = json.writtenText
        return text.utf8.count <= limit ? text : cappedList(json)?.writtenText
    }

    static func cappedList(_ json: JSON) -> JSON? {
        guard let elements = json.array else { return capped(json) }
        var room = limit
        let kept = elements.prefix { element in
            room -= element.writtenBytes.count + 1
            return room > 0
        }
        return .array(Array(kept))
    }

    /// At most so many bytes, without half a character at the end.
    private static func beginning(of text: String, bytes: Int) -> String {
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: bytes)
        while end > text.startIndex, String.Index(end, within: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }

    /// Throws if the text of a value that must be stored whole is over `limit` bytes.
    static func check(_ json: JSON, _ what: String, limit: Int = longest) throws {
        _ = try whole(json, what, limit: limit)
    }

    /// The text of a value that must be stored whole; throws if it is over `limit` bytes.
    static func whole(_ json: JSON, _ what: String, limit: Int = longest) throws(StateError) -> String {
        let text = json.writtenText
        try check(text.utf8.count, what, limit: limit)
        return text
    }

    /// The same of a text that is one already.
    static func whole(_ text: [UInt8], _ what: String) throws(StateError) -> [UInt8] {
        try check(text.count, what, limit: longest)
        return text
    }

    static func input(of run: NewRun) throws(StateError) -> String? {
        guard let input = run.input else { return nil }
        return try whole(input, "the run's input")
    }

    private static func check(_ count: Int, _ what: String, limit: Int) throws(StateError) {
        guard count <= limit else {
            throw StateError(.tooLarge, "\(what) is \(count) bytes long, more than the \(limit) that are stored")
        }
    }
}
