/// Finds directives before libyaml does: it takes quadratic time over many of them.
enum YAMLDirectives {
    /// The first line that starts with `%` where a directive may stand: before the first content of the file, or after
    /// a document's end mark (`...`).
    static func first(in bytes: [UInt8]) -> Mark? {
        // Most files have none, and most bytes are no percent sign.
        guard bytes.contains(UInt8(ascii: "%")) else { return nil }
        var index = 0
        var line = 1
        var isBeforeContent = true
        while index < bytes.count {
            let end = bytes[index...].firstIndex(where: isBreak) ?? bytes.count
            let content = bytes[index..<end]
            if isBeforeContent, content.first == UInt8(ascii: "%") { return Mark(line: line, column: 1) }
            if content.starts(with: Array("...".utf8)) {
                isBeforeContent = true
            } else if let first = content.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }),
                first != UInt8(ascii: "#"), first != UInt8(ascii: "%")
            {
                isBeforeContent = false
            }
            index = end + 1
            if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n") {
                index += 1
            }
            line += 1
        }
        return nil
    }

    private static func isBreak(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
