import Foundation
import GRDB
import TestSupport
import Testing
import Values

@Suite("A state that an older version wrote")
struct UpgradeTests {
    /// The quick start with the state that version 21 of the schema recorded of it.
    private func older() throws -> Fleet {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/state-of-schema-21.sql")
        try fleet.repository.directory.write(".writ/.keep", "")
        // In the file each table stands with its rows, before those that they refer to.
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: fleet.statePath, configuration: configuration)
        try queue.write { db in
            try db.execute(sql: String(decoding: try Data(contentsOf: file), as: UTF8.self))
            try db.execute(sql: "PRAGMA application_id = \(0x5772_6974); PRAGMA user_version = 21")
        }
        try queue.close()
        return fleet
    }

    @Test("A command that only reads says which one brings it up to date")
    func readers() async throws {
        let fleet = try older()
        for command in ["plan", "status"] {
            let result = try await fleet.writ(command)
            #expect(result.status == 1, "\(result)")
            #expect(result.stderr.contains("the next `writ apply` or `writ serve` brings it up to date"), "\(result)")
        }
    }

    @Test("`writ apply` brings it up to date and goes on from it")
    func apply() async throws {
        let fleet = try older()
        // The commit that was applied is none of this repository's.
        let applied = try await fleet.json("apply", "--allow-rewind")
        #expect(applied["revision"]?.int == 1)
        #expect(applied["applied"]?.bool == false, "the manifests are the same")
        #expect(try await fleet.json("get", "agents")["items"]?.array?.count == 1)
    }

    @Test(
        "Each command that changes the state brings it up to date",
        arguments: [
            ["suspend", "trigger/every-minute", "--reason", "noisy", "--until", "2h"],
            ["undo", "1", "--dry-run"],
            ["undo", "1"],
        ])
    func changes(_ arguments: [String]) async throws {
        let fleet = try older()
        let result = try await fleet.writ(arguments)
        // What only shows writes nothing.
        let isShown = arguments.contains("--dry-run")
        #expect(result.status == (isShown ? 1 : 0), "\(result)")
        #expect(try await fleet.writ("status").status == (isShown ? 1 : 0))
    }
}
