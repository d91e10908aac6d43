import GRDB
import GRDBSQLite
import Values

/// A statement whose values are bound through SQLite's own functions, in the order of its question marks: for what is run
/// for every event, where GRDB's way of binding takes as long as SQLite takes for the row.
struct BoundStatement {
    private let db: Database
    private let statement: Statement

    init(_ db: Database, _ sql: String) throws {
        self.db = db
        statement = try db.cachedStatement(sql: sql)
    }

    /// For a statement that gives no rows.
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

    private func failure() -> DatabaseError {
        let connection = db.sqliteConnection
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: sqlite3_errmsg(connection).map { String(cString: $0) })
    }
}
