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

    /// Appends `beginning`, `label` padded to a width, and a value in canonical JSON, as one line: false, and nothing is
    /// appended, where that has more than `limit` bytes or something that has to be escaped.
    mutating func append(_ beginning: String, _ label: String, width: Int, _ value: JSON, limit: Int) -> Bool {
        let begin = bytes.count
        bytes.append(contentsOf: beginning.utf8)
        bytes.append(contentsOf: label.utf8)
        let missing = max(0, width - label.utf8.count)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: missing))
        bytes.append(contentsOf: " = ".utf8)
        let start = bytes.count
        value.appendCanonical(to: &bytes)
        let isPlain = bytes.count - start <= limit && bytes[begin...].allSatisfy { (0x20..<0x7F).contains($0) }
        guard isPlain else {
            bytes.removeSubrange(begin...)
            return false
        }
        bytes.append(UInt8(ascii: "\n"))
        return true
    }
}
