/// Finds what YAML text must not hold, with its true place: libyaml answers line 1, column 1 for all of it.
enum TextCheck {
    struct Problem {
        let code: DiagnosticCode
        let message: String
        let mark: Mark
    }

    /// Whether the bytes are printable ASCII and line feeds, and no percent sign: nothing in them can be a problem, and
    /// no line a directive. Without a way out of the loop it takes many bytes at a time.
    static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var marks: UInt8 = 0
        for byte in bytes {
            let isOutside: UInt8 = byte &- 0x20 > 0x5E ? 1 : 0
            let isFeed: UInt8 = byte == 0x0A ? 1 : 0
            let isPercent: UInt8 = byte == 0x25 ? 1 : 0
            marks |= (isOutside & (isFeed ^ 1)) | isPercent
        }
        return marks == 0
    }

    /// The first problem of the bytes, or nil for clean UTF-8 text.
    static func problem(in bytes: [UInt8]) -> Problem? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return Problem(code: .notUTF8, message: "this file is UTF-16; writ reads UTF-8 only", mark: .start)
        }
        if String(validating: bytes, as: UTF8.self) == nil {
            let offset = firstInvalid(bytes)
            let hex = offset < bytes.count ? hexText(bytes[offset]) : "the end"
            return Problem(
                code: .notUTF8, message: "byte \(hex) is not valid UTF-8 here", mark: mark(of: offset, in: bytes))
        }
        guard let offset = firstControl(bytes) else { return nil }
        return Problem(
            code: .controlCharacter, message: "\(control(at: offset, in: bytes)) stands here",
            mark: mark(of: offset, in: bytes))
    }

    /// `a control character (byte 0x07)`, `a line separator (U+2028)`
    private static func control(at offset: Int, in bytes: [UInt8]) -> String {
        let byte = bytes[offset]
        let text = String(decoding: bytes[offset...].prefix(3), as: UTF8.self)
        guard byte >= 0x80, let scalar = text.unicodeScalars.first else {
            return "\(byte == 0 ? "a NUL character" : "a control character") (byte \(hexText(byte)))"
        }
        let name =
            switch scalar.value {
            case 0x2028: "a line separator"
            case 0x2029: "a paragraph separator"
            case 0xFFFE, 0xFFFF: "what is no character"
            default: "a control character"
            }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\(name) (U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits))"
    }

    /// Line and column of a byte offset; `\r\n`, `\n` and `\r` each end a line, as in libyaml.
    static func mark(of offset: Int, in bytes: [UInt8]) -> Mark {
        var line = 1
        var column = 1
        var index = 0
        while index < offset, index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && !isNewline(bytes, index + 1)) {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80, byte != UInt8(ascii: "\r") {
                column += 1
            }
            index += 1
        }
        return Mark(line: line, column: column)
    }

    private static func isNewline(_ bytes: [UInt8], _ index: Int) -> Bool {
        index < bytes.count && bytes[index] == UInt8(ascii: "\n")
    }

    /// Only asked when the bytes are known to be invalid somewhere.
    private static func firstInvalid(_ bytes: [UInt8]) -> Int {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let length =
                switch byte {
                case ..<0x80: 1
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 0
                }
            guard length > 0, index + length <= bytes.count,
                String(validating: bytes[index..<index + length], as: UTF8.self) != nil
            else { return index }
            index += length
        }
        return index
    }

    private static func firstControl(_ bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 {
                if byte != 0x09, byte != 0x0A, byte != 0x0D { return index }
            } else if byte == 0x7F {
                return index
            } else if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0 {
                return index
            } else if byte == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80, bytes[index + 2] & 0xFE == 0xA8 {
                // U+2028 and U+2029: libyaml ends a line there as YAML 1.1 does (and at U+0085), YAML 1.2 and every
                // editor do not.
                return index
            } else if byte == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE {
                return index
            }
            index += 1
        }
        return nil
    }

    private static func hexText(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.count == 1 ? "0" : "") + digits
    }
}
