import GRDB
import GRDBSQLite
import Values

/// A statement whose values are bound through SQLite's own functions, in the order of its question marks: for what is run
/// for every event, where GRDB's way of binding takes as long as SQLite takes for the row.
struct BoundStatement {
    enum Value {
        /// A NUL in it is replaced: others read texts up to their first NUL.
        case text(String?)
        /// UTF-8 without NUL. It is not copied.
        case bytes([UInt8])
        /// Not copied either.
        case blob([UInt8]?)
        case integer(Int?)

        static func number(_ instant: Instant?) -> Value { .integer(instant.map { Int($0.milliseconds) }) }
    }

    private let db: Database
    private let statement: Statement

    init(_ db: Database, _ sql: String) throws {
        self.db = db
        statement = try db.cachedStatement(sql: sql)
    }

    /// For a statement that gives no rows.
    func run(_ values: [Value]) throws {
        try execute(values) { false }
    }

    /// The same with values that were put together before.
    func run(_ values: RowValues) throws {
        try execute(values) { false }
    }

    /// The columns of the first row as texts; `nil` if there is none.
    func texts(_ values: RowValues) throws -> [String?]? {
        let handle = statement.sqliteStatement
        var texts: [String?]?
        try execute(values) {
            texts = (0..<sqlite3_column_count(handle)).map { column in
                sqlite3_column_text(handle, column).map { String(cString: $0) }
            }
            return false
        }
        return texts
    }

    /// The first column of the first row as a number; 0 where that is NULL, and without a row.
    func number(_ values: RowValues = RowValues()) throws -> Int {
        let handle = statement.sqliteStatement
        var number = 0
        try execute(values) {
            number = Int(sqlite3_column_int64(handle, 0))
            return false
        }
        return number
    }

    /// - Parameter onRow: called for a row; whether to go on to the next one
    private func execute(_ values: [Value], onRow: () -> Bool) throws {
        let handle = statement.sqliteStatement
        defer {
            sqlite3_reset(handle)
            // Bytes that are not copied are gone after this call.
            sqlite3_clear_bindings(handle)
        }
        try bind(values[...], from: 1) {
            while true {
                switch sqlite3_step(handle) {
                case SQLITE_DONE: return
                case SQLITE_ROW: if !onRow() { return }
                default: throw failure()
                }
            }
        }
    }

    private func execute(_ values: RowValues, onRow: () -> Bool) throws {
        let handle = statement.sqliteStatement
        defer {
            sqlite3_reset(handle)
            // What is bound is gone after this call.
            sqlite3_clear_bindings(handle)
        }
        let code = values.bind(to: handle) {
            var code = sqlite3_step(handle)
            while code == SQLITE_ROW, onRow() { code = sqlite3_step(handle) }
            return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code
        }
        guard code == SQLITE_OK else { throw failure() }
    }

    /// Binds the values and calls `body` while all of them are where SQLite was told.
    private func bind(_ values: ArraySlice<Value>, from first: Int32, _ body: () throws -> Void) throws {
        var place = first
        for (offset, value) in values.enumerated() {
            let code: Int32
            switch value {
            case .text(nil), .integer(nil), .blob(nil):
                code = sqlite3_bind_null(statement.sqliteStatement, place)
            case .integer(.some(let number)):
                code = sqlite3_bind_int64(statement.sqliteStatement, place, Int64(number))
            case .text(.some(let text)):
                var text = text.withoutNUL
                code = text.withUTF8 { bind($0, at: place, Self.copied) }
            case .bytes(let bytes):
                return try bytes.withUnsafeBufferPointer { bytes in
                    guard bind(bytes, at: place, nil) == SQLITE_OK else { throw failure() }
                    try bind(values.dropFirst(offset + 1), from: place + 1, body)
                }
            case .blob(.some(let bytes)):
                return try bytes.withUnsafeBytes { bytes in
                    let code = sqlite3_bind_blob64(
                        statement.sqliteStatement, place, bytes.baseAddress, UInt64(bytes.count), nil)
                    guard code == SQLITE_OK else { throw failure() }
                    try bind(values.dropFirst(offset + 1), from: place + 1, body)
                }
            }
            guard code == SQLITE_OK else { throw failure() }
            place += 1
        }
        try body()
    }

    private func bind(
        _ text: UnsafeBufferPointer<UInt8>, at place: Int32, _ destructor: sqlite3_destructor_type?
    ) -> Int32 {
        // Without an address it would be NULL, and not the empty text.
        guard let start = text.baseAddress else {
            return sqlite3_bind_text(statement.sqliteStatement, place, "", 0, Self.copied)
        }
        return start.withMemoryRebound(to: CChar.self, capacity: text.count) { start in
            sqlite3_bind_text64(
                statement.sqliteStatement, place, start, UInt64(text.count), destructor, UInt8(SQLITE_UTF8))
        }
    }

    /// `SQLITE_TRANSIENT`
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func failure() -> DatabaseError {
        let connection = db.sqliteConnection
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: sqlite3_errmsg(connection).map { String(cString: $0) })
    }
}
