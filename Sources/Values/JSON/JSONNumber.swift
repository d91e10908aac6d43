/// A number exactly as JSON wrote it: a decimal, never rounded.
///
/// Whole numbers of 64 bits are held as such, everything else as sign, digits and exponent, each value in one way only,
/// so that equality and hashing are by value.
package struct JSONNumber: Sendable, Hashable {
    enum Storage: Sendable, Hashable {
        case small(Int64)
        /// Never a value that `small` could hold.
        case large(JSONDecimal)
    }

    let storage: Storage

    init(_ storage: Storage) {
        self.storage = storage
    }

    package init(_ value: Int) {
        self.init(.small(Int64(value)))
    }

    /// The shortest decimal that reads back as `value`; `nil` for what is not finite.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.init(literal: value.description)
    }

    /// Longest literal read, in bytes.
    static let literalLimit = 1000

    /// Reads a number as JSON writes it (RFC 8259, section 6).
    ///
    /// `nil` for anything else (`01`, `+1`, `.5`, `NaN`), for more than 1,000 characters, for what is beyond the
    /// finite range of `Double` (`1e400`) and for what is closer to 0 than `1e-400`.
    package init?(literal: some StringProtocol) {
        guard literal.utf8.count <= Self.literalLimit else { return nil }
        guard let decimal = JSONDecimal(literal: Array(literal.utf8)) else { return nil }
        self.init(decimal)
    }

    init(_ decimal: JSONDecimal) {
        self.init(decimal.int64.map(Storage.small) ?? .large(decimal))
    }

    /// The one text of this value, as ECMAScript writes numbers: `0`, `-12.5`, `1e+300`, `1e-7`.
    package var text: String {
        switch storage {
        case .small(let value): String(value)
        case .large(let value): value.text
        }
    }

    /// The value if it is a whole number that fits.
    package var int: Int? {
        if case .small(let value) = storage { Int(exactly: value) } else { nil }
    }

    /// The nearest `Double`, always finite.
    package var double: Double {
        switch storage {
        case .small(let value): Double(value)
        case .large(let value): Double(value.text) ?? 0
        }
    }

    /// Whether there is nothing behind the decimal point, however large the number is.
    package var isInteger: Bool {
        switch storage {
        case .small: true
        case .large(let value): value.exponent >= 0
        }
    }

    var decimal: JSONDecimal {
        switch storage {
        case .small(let value): JSONDecimal(value)
        case .large(let value): value
        }
    }
}

extension JSONNumber: Comparable {
    package static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if case .small(let left) = left.storage, case .small(let right) = right.storage { return left < right }
        return left.decimal < right.decimal
    }
}

extension JSONNumber: CustomStringConvertible {
    package var description: String { text }
}
