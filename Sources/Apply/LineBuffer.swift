import Values

/// Lines of a text, gathered as bytes: a first plan of a large repository has hundreds of thousands.
struct LineBuffer {
    private var bytes: [UInt8] = []

    /// Each line with its end.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ line: String) {
        bytes.append(contentsOf: line.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    static func += (buffer: inout LineBuffer, lines: [String]) {
        for line in lines { buffer.append(line) }
    }

    static func += (buffer: inout LineBuffer, others: [LineBuffer]) {
        buffer.bytes.reserveCapacity(others.reduce(buffer.bytes.count) { $0 + $1.bytes.count })
        for other in others { buffer.bytes.append(contentsOf: other.bytes) }
    }

    /// Begins a line with a label that is padded to a width; its value ends it.
    mutating func begin(_ beginning: String, _ label: some Collection<UInt8>, width: Int) {
        bytes.append(contentsOf: beginning.utf8)
        bytes.append(contentsOf: label)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, width - label.count)))
        bytes.append(contentsOf: " = ".utf8)
    }

    mutating func end(_ text: String) { append(text) }

    /// Ends the line with a value in canonical JSON: false, and it is not ended, where that has more than `limit` bytes
    /// or something that has to be escaped.
    mutating func end(_ value: JSON, limit: Int) -> Bool {
        if case .string(let text) = value, text.utf8.count > limit { return false }
        let start = bytes.count
        value.appendCanonical(to: &bytes)
        guard bytes.count - start <= limit, bytes[start...].allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            bytes.removeSubrange(start...)
            return false
        }
        bytes.append(UInt8(ascii: "\n"))
        return true
    }

    /// A whole such line: false, and nothing is appended, where its value cannot end it or the label has to be escaped.
    mutating func append(_ beginning: String, _ label: String, width: Int, _ value: JSON, limit: Int) -> Bool {
        guard label.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return false }
        let start = bytes.count
        begin(beginning, label.utf8, width: width)
        if end(value, limit: limit) { return true }
        bytes.removeSubrange(start...)
        return false
    }
}
