import Values

/// How one string is written so that it reads as the same string again, here and with other readers of YAML 1.1 and 1.2.
enum YAMLScalar {
    /// Words that YAML 1.1 takes for booleans.
    private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off"]

    private static let plainLimit = 100

    /// On one line: as it is where nothing in it could be read otherwise, else in double quotes.
    static func inline(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// The lines of a literal block (`|`) and how its end is written; nil for what such a block cannot hold as it is.
    static func block(_ text: String) -> (indicator: String, lines: [Substring])? {
        guard text.utf8.contains(UInt8(ascii: "\n")), let first = text.utf8.first, first > 0x20,
            text.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || isPrintable($0) })
        else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var ends = 0
        while let last = lines.last, last.isEmpty {
            lines.removeLast()
            ends += 1
        }
        // Lines of nothing but spaces do not survive editors, and are not told from indentation by all readers.
        guard lines.allSatisfy({ $0.isEmpty || $0.contains { $0 != " " && $0 != "\t" } }) else { return nil }
        switch ends {
        case 0: return ("|-", lines)
        case 1: return ("|", lines)
        default: return ("|+", lines + Array(repeating: "", count: ends - 1))
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= plainLimit else { return false }
        guard isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "."), last != 0x20 else {
            return false
        }
        guard bytes.allSatisfy({ isLetter($0) || isDigit($0) || " _-./".utf8.contains($0) }) else { return false }
        return CoreScalar(text) == .text && !words.contains(text.lowercased()) && text != "..."
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    let width = scalar.value <= 0xFF ? 2 : scalar.value <= 0xFFFF ? 4 : 8
                    let letter = width == 2 ? "x" : width == 4 ? "u" : "U"
                    result += "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
                }
            }
        }
        return result + "\""
    }

    /// What may stand in YAML as it is, and means the same to every reader (fault A19).
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
            switch scalar.properties.generalCategory {
            // Nobody sees them, and they may turn the text around.
            case .format, .surrogate, .privateUse, .unassigned: false
            default: true
            }
        default: false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
