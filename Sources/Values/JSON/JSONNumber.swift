/// A number exactly as JSON wrote it: a decimal, never rounded.
///
/// Whole numbers of 64 bits are held as such, everything else as sign, digits and exponent, each value in one way only,
/// so that equality and hashing are by value. A number that was read from a text knows how it was written there.
package struct JSONNumber: Sendable {
    enum Storage: Sendable, Hashable {
        case small(Int64)
        /// Never a value that `small` could hold.
        case large(JSONDecimal)
    }

    private enum Form {
        case plain(Storage)
        /// A literal that is not `text`. Apart, so that the others take no more room by it.
        indirect case written(Storage, literal: String)
    }

    private let form: Form

    var storage: Storage {
        switch form {
        case .plain(let storage), .written(let storage, _): storage
        }
    }

    init(_ storage: Storage) {
        form = .plain(storage)
    }

    private init(_ storage: Storage, literal: String) {
        form = .written(storage, literal: literal)
    }

    /// Reads a number like `init(literal:)`, and keeps how it is written: `1.10`, `12e2`.
    init?(written literal: String) {
        guard let number = JSONNumber(literal: literal) else { return nil }
        self = number.text == literal ? number : JSONNumber(number.storage, literal: literal)
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
    /// `nil` for anything else (`01`, `+1`, `.5`, `NaN`), for more than 1,000 characters here or in `text`, for what is beyond the
    /// finite range of `Double` (`1e400`) and for what is closer to 0 than `1e-400`.
    package init?(literal: some StringProtocol) {
        guard literal.utf8.count <= Self.literalLimit else { return nil }
        guard let decimal = JSONDecimal(literal: Array(literal.utf8)) else { return nil }
        self.init(decimal)
        // The text of a number between 1e-7 and 1 has zeros that its literal need not have; it is to be read again.
        guard literal.utf8.count < Self.literalLimit - 32 || text.utf8.count <= Self.literalLimit else { return nil }
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

    /// As it was written where it came from; `text` for a number that was not read.
    package var writtenText: String {
        if case .written(_, let literal) = form { literal } else { text }
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

extension JSONNumber: Hashable {
    package static func == (left: JSONNumber, right: JSONNumber) -> Bool { left.storage == right.storage }

    package func hash(into hasher: inout Hasher) { hasher.combine(storage) }
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
