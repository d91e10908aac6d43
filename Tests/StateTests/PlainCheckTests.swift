import GRDB
import Testing

@testable import State

/// The checks of tables that are written for every event, run and delivery.
@Suite struct PlainCheckTests {
    @Test(
        "a row is checked without a table being made for that",
        arguments: [
            "INSERT INTO event (id, endpoint, name, source, payload, headers, received_at, body_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            "INSERT INTO run (id, state, agent, revision, priority, max_attempts, not_before, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            "UPDATE run SET state = ?, lease_owner = ?, finished_at = ? WHERE seq = ?",
            "INSERT INTO delivery (id, channel, state, max_attempts, not_before, message_id, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            "UPDATE delivery SET state = ?, lease_owner = ?, finished_at = ? WHERE seq = ?",
            "INSERT INTO happening (kind, subject) VALUES (?, ?)",
            "INSERT INTO revision_change (revision, position, action, kind, name, reason, fields) VALUES (?, ?, ?, ?, ?, ?, ?)",
            "INSERT INTO source_file (path, role, blob, size, declares, includes, each_time) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ])
    func withoutTables(sql: String) throws {
        let fixture = try StateFixture()
        let operations = try fixture.reader.read("explaining") { db in
            let values = [DatabaseValue](repeating: .null, count: sql.count { $0 == "?" })
            return try Row.fetchAll(db, sql: "EXPLAIN " + sql, arguments: StatementArguments(values))
                .map { $0["opcode"] as String }
        }
        #expect(operations.contains("Insert"))
        #expect(!operations.contains("OpenEphemeral"))
    }

    @Test func `a state that there is not is refused, and one that does not go with the rest`() throws {
        let fixture = try StateFixture()
        try fixture.createAgents("brief")
        let id = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        let update = { (columns: String) throws(StateError) in
            _ = try fixture.store.write("spoiling") { db in try db.run("UPDATE run SET \(columns)") }
        }
        for columns in [
            "state = 'waiting'", "state = ''", "state = 'Queued'", "state = 'succeeded'", "state = 'running'",
            "finished_at = 1", "state = 'awaitingApproval', finished_at = 1",
        ] {
            #expect(throws: StateError.self, "\(columns)") { try update(columns) }
        }
        #expect(try fixture.state(of: id) == .queued)
        for state in RunState.allCases {
            let isOver = state != .queued && state != .running && state != .awaitingApproval
            let owner = state == .running ? "'one'" : "NULL"
            let until = state == .running ? "1" : "NULL"
            try update(
                """
                state = '\(state.rawValue)', finished_at = \(isOver ? "1" : "NULL"), lease_owner = \(owner),
                    lease_until = \(until)
                """)
            #expect(try fixture.state(of: id) == state)
        }
    }

    @Test func `a delivery's state is one of those that there are`() throws {
        let fixture = try StateFixture()
        let insert = { (state: String, finished: String) throws(StateError) in
            _ = try fixture.store.write("writing") { db in
                try db.run(
                    """
                    INSERT INTO delivery (id, channel, state, max_attempts, not_before, message_id, body, created_at,
                        finished_at)
                    VALUES ('\(state)', 'c', '\(state)', 1, 0, 'm', '{}', 0, \(finished))
                    """)
            }
        }
        #expect(throws: StateError.self) { try insert("lost", "1") }
        #expect(throws: StateError.self) { try insert("queued", "1") }
        #expect(throws: StateError.self) { try insert("failed", "NULL") }
        try insert("queued", "NULL")
        for state in ["delivered", "failed", "discarded"] { try insert(state, "1") }
    }
}
