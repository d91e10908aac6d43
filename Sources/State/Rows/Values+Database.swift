import GRDB
import Values

extension Instant: DatabaseValueConvertible {
    package var databaseValue: DatabaseValue { milliseconds.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> Instant? {
        Int64.fromDatabaseValue(value).map { Instant(milliseconds: $0) }
    }
}

extension Digest: DatabaseValueConvertible {
    package var databaseValue: DatabaseValue { text.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> Digest? {
        String.fromDatabaseValue(value).flatMap { Digest($0) }
    }
}

extension JSON: DatabaseValueConvertible {
    /// Deeper than outside JSON may be, because our own objects stand around it.
    private static let storedLimits: JSONLimits = {
        var limits = JSONLimits(depth: 128, bytes: 64 << 20, nodes: 4_000_000)
        limits.allowsNUL = true
        return limits
    }()

    /// A text in which a NUL is escaped, with numbers as they came.
    package var databaseValue: DatabaseValue { writtenText.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> JSON? {
        String.fromDatabaseValue(value).flatMap { JSON(stored: $0) }
    }

    /// Reads the text of a stored value; `nil` where it is none.
    init?(stored text: String) {
        guard let json = try? JSON(parsing: text, limits: Self.storedLimits) else { return nil }
        self = json
    }
}
