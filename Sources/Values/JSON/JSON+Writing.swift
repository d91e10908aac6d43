extension JSON {
    /// The one text of this value: keys sorted by their UTF-8 bytes, no spaces, nothing escaped that need not be.
    package var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

    /// The bytes of `canonicalText`.
    package var canonicalBytes: [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, level: 0)
        return writer.bytes
    }

    /// Appends them.
    package func appendCanonical(to bytes: inout [UInt8]) {
        var writer = JSONWriter(indentation: nil)
        swap(&writer.bytes, &bytes)
        writer.write(self, level: 0)
        swap(&writer.bytes, &bytes)
    }

    /// For whoever reads it, where no digest is taken: as canonical JSON, but numbers as they were written, so that `1.10`
    /// and `12345678901234567890123` come out as they came in.
    package var writtenText: String { String(decoding: writtenBytes, as: UTF8.self) }

    /// The bytes of `writtenText`.
    package var writtenBytes: [UInt8] {
        var writer = JSONWriter(indentation: nil, keepsLiterals: true)
        writer.write(self, level: 0)
        return writer.bytes
    }

    /// For people: two spaces a level, sorted keys, numbers as they were written, no newline at the end.
    package var prettyText: String {
        var writer = JSONWriter(indentation: 2, keepsLiterals: true)
        writer.write(self, level: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

private struct JSONWriter {
    /// Spaces a level; `nil` for everything in one line without spaces.
    let indentation: Int?
    /// Whether numbers are as they were written, and not canonical.
    var keepsLiterals = false
    var bytes: [UInt8] = []

    mutating func write(_ value: JSON, level: Int) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .number(let value): bytes.append(contentsOf: (keepsLiterals ? value.writtenText : value.text).utf8)
        case .string(let value): write(value)
        case .array(let values): write(values, level: level)
        case .object(let members): write(members, level: level)
        }
    }

    private mutating func write(_ values: [JSON], level: Int) {
        put("[")
        for place in values.indices {
            if place > 0 { put(",") }
            breakLine(level + 1)
            write(values[place], level: level + 1)
        }
        if !values.isEmpty { breakLine(level) }
        put("]")
    }

    private mutating func write(_ members: JSONMembers, level: Int) {
        put("{")
        for place in members.indices {
            if place > 0 { put(",") }
            breakLine(level + 1)
            write(members[place].key)
            put(indentation == nil ? ":" : ": ")
            write(members[place].value, level: level + 1)
        }
        if !members.isEmpty { breakLine(level) }
        put("}")
    }

    private mutating func write(_ text: String) { bytes.append(quoted: text) }

    private mutating func breakLine(_ level: Int) {
        guard let indentation else { return }
        put("\n")
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation * level))
    }

    private mutating func put(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension [UInt8] {
    /// Appends a text as a JSON string, in the one way in which canonical JSON writes it.
    package mutating func append(quoted text: String) {
        append(UInt8(ascii: "\""))
        var copy = text
        copy.withUTF8 { text in
            var start = 0
            for index in text.indices where text[index] < 0x20 || text[index] == 0x22 || text[index] == 0x5C {
                append(contentsOf: text[start..<index])
                append(escape: text[index])
                start = index + 1
            }
            append(contentsOf: text[start...])
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escape byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0..<0x20: append(contentsOf: "u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8)
        default: append(byte)
        }
    }
}
