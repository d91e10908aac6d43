import GRDB

extension Database {
    /// Rows beyond which triggers are worth taking away.
    static var manyRows: Int { 500 }

    /// Inserts very many rows of a table without the triggers that look at each of them: even one whose condition does not
    /// hold takes a quarter of the time of a row. To be called in a transaction, by which they are there again whatever
    /// happens.
    func withoutInsertTriggers(on table: String, rows: Int, _ body: () throws -> Void) throws {
        guard rows > Self.manyRows else { return try body() }
        let triggers = try self.rows(
            """
            SELECT name, sql FROM sqlite_schema
            WHERE type = 'trigger' AND tbl_name = :table AND sql LIKE '% AFTER INSERT ON %'
            """, ["table": table]
        ).map { (name: try $0.get("name") as String, sql: try $0.get("sql") as String) }
        for trigger in triggers { try execute(sql: "DROP TRIGGER \(trigger.name.quotedDatabaseIdentifier)") }
        try body()
        for trigger in triggers { try execute(sql: trigger.sql) }
    }
}
