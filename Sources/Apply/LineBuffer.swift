import Values

/// Lines of a text, gathered as bytes: a first plan of a large repository has hundreds of thousands.
struct LineBuffer: Sendable {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ line: String) {
        bytes.append(contentsOf: line.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Whole lines.
    mutating func append(_ lines: ArraySlice<UInt8>) { bytes.append(contentsOf: lines) }

    static func += (buffer: inout LineBuffer, lines: [String]) {
        for line in lines { buffer.append(line) }
    }

    /// Begins a line with a label that is padded to a width; its value ends it.
    mutating func begin(_ beginning: StaticString, _ label: some Collection<UInt8>, width: Int) {
        put(beginning)
        bytes.append(contentsOf: label)
        var room = width - label.count
        while room > 0 {
            bytes.append(contentsOf: Self.spaces.prefix(room))
            room -= Self.spaces.count
        }
        put(" = ")
    }

    private static let spaces = [UInt8](repeating: UInt8(ascii: " "), count: 40)

    private mutating func put(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func end(_ text: String) { append(text) }

    /// Ends the line with a value in canonical JSON: false, and it is not ended, where something in it has to be escaped.
    /// What has more than `limit` bytes is cut after `shown`, and said to be.
    mutating func end(_ value: ArraySlice<UInt8>, limit: Int, shown: Int) -> Bool {
        guard Self.isPlain(value) else { return false }
        if value.count <= limit {
            bytes.append(contentsOf: value)
        } else {
            bytes.append(contentsOf: value.prefix(shown))
            bytes.append(contentsOf: "… (\(value.count) bytes)".utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
        return true
    }

    /// A whole such line: false, and nothing is appended, where its value cannot end it, or is longer than `limit`, or the
    /// label has to be escaped.
    mutating func append(_ beginning: StaticString, _ label: String, width: Int, _ value: JSON, limit: Int) -> Bool {
        guard Self.isPlain(label.utf8) else { return false }
        if case .string(let text) = value, text.utf8.count > limit { return false }
        let start = bytes.count
        begin(beginning, label.utf8, width: width)
        let end = bytes.count
        value.appendCanonical(to: &bytes)
        guard bytes.count - end <= limit, Self.isPlain(bytes[end...]) else {
            bytes.removeSubrange(start...)
            return false
        }
        bytes.append(UInt8(ascii: "\n"))
        return true
    }

    private static func isPlain(_ text: some Sequence<UInt8>) -> Bool {
        let answer = text.withContiguousStorageIfAvailable { bytes in
            // Without a way out in between, many bytes are looked at at once.
            bytes.reduce(true) { $0 && $1 >= 0x20 && $1 < 0x7F }
        }
        return answer ?? text.allSatisfy { (0x20..<0x7F).contains($0) }
    }
}
