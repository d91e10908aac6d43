import GRDB
import Values

extension Database {
    /// Rows beyond which triggers are worth taking away.
    static var manyRows: Int { 500 }

    /// Inserts very many rows of a table without the triggers of writ's own that look at each of them and have nothing to do
    /// then: even one whose condition does not hold takes a quarter of the time of a row. To be called in a transaction, by
    /// which they are there again whatever happens.
    func without(_ triggers: [String], rows: Int, _ body: () throws -> Void) throws {
        guard rows > Self.manyRows else { return try body() }
        let found = try self.rows(
            """
            SELECT name, sql FROM sqlite_schema
            WHERE type = 'trigger' AND name IN (SELECT value FROM json_each(:triggers))
            """, ["triggers": JSON.array(triggers.map(JSON.string))]
        ).map { (name: try $0.get("name") as String, sql: try $0.get("sql") as String) }
        for trigger in found { try execute(sql: "DROP TRIGGER \(trigger.name.quotedDatabaseIdentifier)") }
        try body()
        for trigger in found { try execute(sql: trigger.sql) }
    }
}
