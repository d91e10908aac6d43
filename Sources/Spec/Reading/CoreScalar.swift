import Values

/// What an unquoted scalar means under the YAML 1.2 core schema (YAML 1.2.2, section 10.3.2):
/// only `true` and `false` are booleans, so `no`, `on` and `12:30` stay text.
package enum CoreScalar: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    /// `.inf`, `.nan`, or a number too large to be one: a number that JSON cannot say.
    case unrepresentableNumber
    case text

    package init(_ text: String) {
        // Most texts are words and small numbers, and no word in the table of special ones.
        if Self.isPlainText(text.utf8) {
            self = .text
            return
        }
        if let number = Self.smallNumber(text.utf8) {
            self = .number(number)
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        default: self = CoreScalar.number(text)
        }
    }

    /// Whether the text cannot be anything else, as its first byte or, of what begins as a number, some other one tells.
    private static func isPlainText(_ text: some Collection<UInt8>) -> Bool {
        switch text.first {
        case nil: return false
        case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"),
            UInt8(ascii: "F"), UInt8(ascii: "~"):
            return text.count > 5
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): return false
        case let first?: return !isDigit(first) || !text.allSatisfy(mayStandInNumber)
        }
    }

    /// What most scalars are.
    enum Usual {
        case text
        /// Without a sign, written as JSON writes it.
        case integer
    }

    /// Nil where only the whole scalar tells.
    static func quickly(_ text: UnsafeBufferPointer<UInt8>) -> Usual? {
        if isPlainText(text) { return .text }
        guard (1...18).contains(text.count), text.count == 1 || text.first != UInt8(ascii: "0"),
            text.allSatisfy(isDigit)
        else { return nil }
        return .integer
    }

    /// Whether an unquoted scalar is neither text nor number.
    static func isNullOrBool(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch text.count {
        case 0: true
        case 1: text.equals("~")
        case 4:
            text.equals("null") || text.equals("Null") || text.equals("NULL") || text.equals("true")
                || text.equals("True") || text.equals("TRUE")
        case 5: text.equals("false") || text.equals("False") || text.equals("FALSE")
        default: false
        }
    }

    private static func mayStandInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "x"), UInt8(ascii: "o"): true
        default: isDigit(byte) || isHexLetter(byte)
        }
    }

    /// Up to 18 digits, which an `Int` holds, and no zero before them.
    private static func smallNumber(_ text: String.UTF8View) -> JSONNumber? {
        guard text.count <= 18, text.first != UInt8(ascii: "0") || text.count == 1 else { return nil }
        var value = 0
        for byte in text {
            guard isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return text.isEmpty ? nil : JSONNumber(value)
    }

    private static func number(_ text: String) -> CoreScalar {
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if let sign = digits.first, sign == "-" || sign == "+" { digits = digits.dropFirst() }
        guard let first = digits.utf8.first else { return .text }
        if [".inf", ".Inf", ".INF"].contains(digits) { return .unrepresentableNumber }
        if [".nan", ".NaN", ".NAN"].contains(Substring(text)) { return .unrepresentableNumber }
        guard first == UInt8(ascii: ".") || isDigit(first) else { return .text }
        if digits.hasPrefix("0o") || digits.hasPrefix("0x") {
            // The core schema allows no sign here.
            guard digits.utf8.count == text.utf8.count else { return .text }
            return radix(digits.dropFirst(2), digits.hasPrefix("0o") ? 8 : 16)
        }
        guard isDecimal(digits.utf8) else { return .text }
        guard let literal = jsonLiteral(digits.utf8, isNegative: isNegative), let number = JSONNumber(literal: literal)
        else { return .unrepresentableNumber }
        return .number(number)
    }

    private static func radix(_ digits: Substring, _ radix: Int) -> CoreScalar {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ isDigit($0) || isHexLetter($0) }) else { return .text }
        if radix == 8, digits.utf8.contains(where: { $0 > UInt8(ascii: "7") }) { return .text }
        guard let value = Int(digits, radix: radix) else { return .unrepresentableNumber }
        return .number(JSONNumber(value))
    }

    /// `[0-9]* ( . [0-9]* )? ( [eE] [-+]? [0-9]+ )?` with a digit before the exponent.
    private static func isDecimal(_ text: Substring.UTF8View) -> Bool {
        var rest = text
        var count = drop(digitsOf: &rest)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            count += drop(digitsOf: &rest)
        }
        guard count > 0 else { return false }
        if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard drop(digitsOf: &rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// JSON allows neither leading zeros nor a bare point: `017` is 17 and `.5` is 0.5 in the core schema.
    private static func jsonLiteral(_ text: Substring.UTF8View, isNegative: Bool) -> String? {
        guard text.count <= 1_000 else { return nil }
        var whole = text.prefix(while: isDigit)
        var rest = text.dropFirst(whole.count)
        while whole.count > 1, whole.first == UInt8(ascii: "0") { whole = whole.dropFirst() }
        var literal = isNegative ? "-" : ""
        literal += whole.isEmpty ? "0" : String(Substring(whole))
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count + 1)
            if !fraction.isEmpty { literal += "." + String(Substring(fraction)) }
        }
        return literal + String(Substring(rest))
    }

    private static func drop(digitsOf rest: inout Substring.UTF8View) -> Int {
        let count = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(count)
        return count
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isHexLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "f")
    }
}
