/// Turns libyaml's words into a message for the author, at the place where the mistake is, not where it was noticed.
enum YAMLSyntaxMessage {
    static func of(
        _ failure: YAMLParser.Failure, in bytes: UnsafeBufferPointer<UInt8>
    ) -> (DiagnosticCode, String, Mark) {
        switch (failure.context, failure.problem) {
        case ("while scanning a quoted scalar", "found unexpected end of stream"),
            ("while scanning a quoted scalar", "found unexpected document indicator"):
            return (.syntax, "this quote is never closed", failure.contextMark)
        case ("while parsing a flow sequence", _) where isAtEnd(failure.problemMark, bytes):
            return (.syntax, "this `[` is never closed", failure.contextMark)
        case ("while parsing a flow mapping", _) where isAtEnd(failure.problemMark, bytes):
            return (.syntax, "this `{` is never closed", failure.contextMark)
        case (_, "mapping values are not allowed in this context")
        where column(failure.problemMark) > 1_024:
            return (.keyTooLong, "this key is over 1024 characters long", start(of: failure.problemMark))
        case (_, "could not find expected ':'"):
            return (.syntax, "could not find the `:` of this key", failure.contextMark)
        case (_, "found character that cannot start any token") where isTab(failure.problemMark, bytes):
            return (.syntax, "a tab cannot indent YAML: use spaces", failure.problemMark)
        case (_, "found undefined tag handle"):
            return (.tag, "YAML tags (!…) are not supported", failure.contextMark)
        case (let context?, let problem):
            return (.syntax, "\(problem), \(context) from line \(failure.contextMark.line)", failure.problemMark)
        case (nil, let problem):
            return (.syntax, problem, failure.problemMark)
        }
    }

    /// Whether nothing stands at or after the mark: libyaml notices there what was opened long before.
    private static func isAtEnd(_ mark: Mark, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let isBreak = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
        guard let last = bytes.last else { return true }
        let end = TextCheck.mark(of: bytes.count, in: Array(bytes))
        return mark > end || (isBreak(last) && mark == end)
    }

    private static func column(_ mark: Mark) -> Int { mark.column }

    private static func start(of mark: Mark) -> Mark { Mark(line: mark.line, column: 1) }

    private static func isTab(_ mark: Mark, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var line = 1
        var column = 1
        for byte in bytes {
            if line == mark.line, column == mark.column { return byte == UInt8(ascii: "\t") }
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            if line > mark.line { return false }
        }
        return false
    }
}
