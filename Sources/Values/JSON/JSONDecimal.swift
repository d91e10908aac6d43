/// A decimal number: `digits` read as a whole number, times 10 to the power of `exponent`.
///
/// Normal form: no zero at either end of `digits`; zero has no digits, exponent 0 and no sign.
struct JSONDecimal: Sendable, Hashable {
    let isNegative: Bool
    /// Values 0 to 9, the most significant first.
    let digits: [UInt8]
    let exponent: Int

    /// How far the first digit may stand from the decimal point. 308 is where `Double` ends.
    private static let magnitudes = -400...308

    init(isNegative: Bool, digits: ArraySlice<UInt8>, exponent: Int) {
        var digits = digits.drop { $0 == 0 }
        var exponent = exponent
        while digits.last == 0 {
            digits = digits.dropLast()
            exponent += 1
        }
        self.digits = Array(digits)
        self.isNegative = isNegative && !digits.isEmpty
        self.exponent = digits.isEmpty ? 0 : exponent
    }

    init(_ value: Int64) {
        let digits = String(value.magnitude).utf8.map { $0 - UInt8(ascii: "0") }
        self.init(isNegative: value < 0, digits: digits[...], exponent: 0)
    }

    /// Reads a literal of at most 1,000 bytes; `nil` if it is none or out of range.
    init?(literal bytes: [UInt8]) {
        var scanner = LiteralScanner(bytes: bytes[...])
        let isNegative = scanner.skip("-")
        var digits = scanner.digits()
        guard let first = digits.first, first != 0 || digits.count == 1 else { return nil }
        var exponent = 0
        if scanner.skip(".") {
            let fraction = scanner.digits()
            guard !fraction.isEmpty else { return nil }
            digits += fraction
            exponent = -fraction.count
        }
        if scanner.skip("e") || scanner.skip("E") {
            let isNegativePower = scanner.skip("-")
            if !isNegativePower { _ = scanner.skip("+") }
            let power = scanner.digits()
            guard !power.isEmpty else { return nil }
            // Beyond 100,000 it is out of range whatever the digits are, unless they are all zero.
            let size = power.reduce(0) { min($0 * 10 + Int($1), 100_000) }
            exponent += isNegativePower ? -size : size
        }
        guard scanner.bytes.isEmpty else { return nil }
        self.init(isNegative: isNegative, digits: digits[...], exponent: exponent)
        guard !self.digits.isEmpty else { return }
        guard Self.magnitudes.contains(magnitude) else { return nil }
        guard magnitude < 308 || Double(text)?.isFinite == true else { return nil }
    }

    /// The power of ten of the first digit.
    var magnitude: Int { exponent + digits.count - 1 }

    /// The value as a whole number of 64 bits, if it is one.
    var int64: Int64? {
        guard exponent >= 0, magnitude < 19 else { return digits.isEmpty ? 0 : nil }
        var value: Int64 = 0
        for place in 0..<(digits.count + exponent) {
            let digit = Int64(place < digits.count ? digits[place] : 0)
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            // Downwards, because -2^63 has no positive twin.
            let (next, underflow) = tens.subtractingReportingOverflow(digit)
            if overflow || underflow { return nil }
            value = next
        }
        if isNegative { return value }
        let (positive, overflow) = (0 as Int64).subtractingReportingOverflow(value)
        return overflow ? nil : positive
    }

    /// ECMAScript's form: plain up to 21 places before and 6 zeros behind the point, else with an exponent.
    var text: String {
        guard !digits.isEmpty else { return "0" }
        let sign = isNegative ? "-" : ""
        let plain = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        let point = magnitude + 1
        if point > 0, point <= 21 {
            if exponent >= 0 { return sign + plain + String(repeating: "0", count: exponent) }
            return sign + plain.prefix(point) + "." + plain.dropFirst(point)
        }
        if point <= 0, point > -6 { return sign + "0." + String(repeating: "0", count: -point) + plain }
        let fraction = plain.count > 1 ? "." + plain.dropFirst() : ""
        return sign + plain.prefix(1) + fraction + (magnitude < 0 ? "e-" : "e+") + String(abs(magnitude))
    }
}

extension JSONDecimal: Comparable {
    static func < (left: JSONDecimal, right: JSONDecimal) -> Bool {
        let (one, other) = (left.sign, right.sign)
        if one != other { return one < other }
        switch one {
        case 0: return false
        case 1: return left.isSmaller(than: right)
        default: return right.isSmaller(than: left)
        }
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    /// Without signs.
    private func isSmaller(than other: JSONDecimal) -> Bool {
        magnitude == other.magnitude ? digits.lexicographicallyPrecedes(other.digits) : magnitude < other.magnitude
    }
}

/// What is left of a literal.
private struct LiteralScanner {
    var bytes: ArraySlice<UInt8>

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = bytes.first, first == UInt8(ascii: character) else { return false }
        bytes.removeFirst()
        return true
    }

    mutating func digits() -> [UInt8] {
        let run = bytes.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        bytes = bytes.dropFirst(run.count)
        return run.map { $0 - UInt8(ascii: "0") }
    }
}
