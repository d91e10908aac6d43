extension JSON {
    /// The one text of this value: keys sorted by their UTF-8 bytes, no spaces, nothing escaped that need not be.
    package var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

    /// The bytes of `canonicalText`.
    package var canonicalBytes: [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, level: 0)
        return writer.bytes
    }

    /// For people: two spaces a level, sorted keys, no newline at the end.
    package var prettyText: String {
        var writer = JSONWriter(indentation: 2)
        writer.write(self, level: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

private struct JSONWriter {
    /// Spaces a level; `nil` for everything in one line without spaces.
    let indentation: Int?
    var bytes: [UInt8] = []

    mutating func write(_ value: JSON, level: Int) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .number(let value): put(value.text)
        case .string(let value): write(value)
        case .array(let values): write(values, level: level)
        case .object(let members): write(members, level: level)
        }
    }

    private mutating func write(_ values: [JSON], level: Int) {
        put("[")
        for (place, value) in values.enumerated() {
            if place > 0 { put(",") }
            breakLine(level + 1)
            write(value, level: level + 1)
        }
        if !values.isEmpty { breakLine(level) }
        put("]")
    }

    private mutating func write(_ members: [String: JSON], level: Int) {
        put("{")
        for (place, member) in members.sorted(by: { $0.key.precedesInBytes($1.key) }).enumerated() {
            if place > 0 { put(",") }
            breakLine(level + 1)
            write(member.key)
            put(indentation == nil ? ":" : ": ")
            write(member.value, level: level + 1)
        }
        if !members.isEmpty { breakLine(level) }
        put("}")
    }

    private mutating func write(_ text: String) {
        put("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): put("\\\"")
            case UInt8(ascii: "\\"): put("\\\\")
            case 0x08: put("\\b")
            case 0x09: put("\\t")
            case 0x0A: put("\\n")
            case 0x0C: put("\\f")
            case 0x0D: put("\\r")
            case 0..<0x10: put("\\u000" + String(byte, radix: 16))
            case 0x10..<0x20: put("\\u00" + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        put("\"")
    }

    private mutating func breakLine(_ level: Int) {
        guard let indentation else { return }
        put("\n")
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation * level))
    }

    private mutating func put(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}
