import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Arguments of a statement by name: `["id": id]` for `:id`.
typealias Arguments = [String: (any DatabaseValueConvertible)?]

extension Database {
    /// Runs a statement and gives how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ arguments: Arguments = [:]) throws -> Int {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments.withoutNUL))
        return changesCount
    }

    func rows(_ sql: String, _ arguments: Arguments = [:]) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(arguments.withoutNUL))
    }

    func row(_ sql: String, _ arguments: Arguments = [:]) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(arguments.withoutNUL))
    }

    /// The first column of the first row; `nil` if there is no row or it is NULL.
    func value<Value: DatabaseValueConvertible>(_ sql: String, _ arguments: Arguments = [:]) throws -> Value? {
        try row(sql, arguments).flatMap { try $0.decode(Value?.self, atIndex: 0) }
    }
}

extension Row {
    /// The value of a column; throws if it is NULL, of another type, or not one of the words that are expected.
    func get<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        try decode(Value.self, forColumn: column)
    }

    /// The value of a column, `nil` for NULL.
    func find<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        try decode(Value?.self, forColumn: column)
    }
}

extension String {
    /// GRDB binds texts up to their first NUL: two keys that differ behind one would become the same.
    var withoutNUL: String {
        let hasNUL =
            utf8.withContiguousStorageIfAvailable { bytes in
                bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
            } ?? utf8.contains(0)
        guard hasNUL else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}

extension Arguments {
    fileprivate var withoutNUL: Arguments { mapValues { $0.withoutNUL } }
}

extension Optional where Wrapped == any DatabaseValueConvertible {
    fileprivate var withoutNUL: Self {
        guard let text = self as? String else { return self }
        return text.withoutNUL
    }
}
