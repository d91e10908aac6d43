import Foundation
import GRDB
import TestSupport
import Testing
import Values

@Suite("States that cannot be used")
struct BadStateTests {
    private func refused(_ fleet: Fleet, _ arguments: String..., saying text: String) async throws {
        let result = try await fleet.writ(arguments)
        #expect(result.status == 1, "\(result)")
        #expect(result.stderr.contains("writ: error: "), "\(result)")
        #expect(result.stderr.contains(text), "\(result)")
    }

    private func applied() async throws -> Fleet {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        return fleet
    }

    @Test("A file that is no SQLite database is left as it is")
    func isNotSQLite() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let text = String(repeating: "My shopping list. ", count: 20)
        try fleet.repository.directory.write(".writ/state.db", text)
        for command in ["plan", "apply", "status", "serve"] {
            try await refused(fleet, command, saying: "not a SQLite database")
        }
        #expect(try fleet.read(".writ/state.db") == text)
    }

    @Test("A state whose beginning was lost is refused with the command that restores it (fault D83)")
    func isBeheaded() async throws {
        let fleet = try await applied()
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: fleet.statePath))
        try handle.write(contentsOf: [UInt8](repeating: 0, count: 100))
        try handle.close()
        let before = try fleet.stateBytes()
        for command in ["plan", "apply", "status", "serve"] {
            try await refused(fleet, command, saying: "restore a backup with `writ restore FILE`")
        }
        #expect(try fleet.stateBytes() == before)
    }

    @Test("A state of a newer version is not touched (fault C69)")
    func isNewer() async throws {
        let fleet = try await applied()
        let queue = try DatabaseQueue(path: fleet.statePath)
        try await queue.write { db in try db.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        let before = try fleet.stateBytes()
        for command in ["plan", "apply", "status"] {
            try await refused(fleet, command, saying: "newer version of writ (schema 99")
        }
        #expect(try fleet.stateBytes() == before)
    }

    @Test("A state that other users can read is told of by who serves it (fault D88)")
    func isOpenToOthers() async throws {
        let fleet = try await applied()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: fleet.statePath)
        let serve = try await fleet.serve()
        try await serve.logged("other users can read the state: chmod 600 it")
        #expect(try await serve.terminate() == 0)
    }

    @Test("A read-only state is told, not worked around")
    func isReadOnly() async throws {
        let fleet = try await applied()
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: fleet.statePath)
        try await refused(fleet, "apply", saying: "read-only")
        try await refused(fleet, "run", "greeter", saying: "read-only")
    }

    @Test("A state in a directory that is not there is not made up")
    func directoryIsMissing() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        try await refused(fleet, "apply", "--state", "no/such/state.db", saying: "no/such")
    }

    @Test("Looking before anything was applied says what to do")
    func isNotThere() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        for command in ["status", "runs", "events", "history"] {
            try await refused(fleet, command, saying: "run `writ apply` first")
        }
        #expect(!fleet.repository.directory.exists(".writ"))
    }

    @Test("A second writer is told who holds the state, and readers are not kept waiting (fault C66)")
    func isHeld() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve()
        try await serve.logged("applied a revision")
        try await refused(fleet, "apply", saying: "pid \(serve.process.pid) (writ serve)")
        try await refused(fleet, "serve", "--listen", "127.0.0.1:0", saying: "pid \(serve.process.pid) (writ serve)")
        #expect(try await fleet.json("status").value(atPath: "writer.pid")?.int == Int(serve.process.pid))
        #expect(try await fleet.json("plan")["changes"] == [])
        // By another name it is the same one.
        try FileManager.default.createSymbolicLink(
            atPath: fleet.repository.directory.path("link.db"), withDestinationPath: ".writ/state.db")
        try await refused(
            fleet, "serve", "--listen", "127.0.0.1:0", "--state", "link.db",
            saying: "pid \(serve.process.pid) (writ serve)")
        #expect(try await fleet.writ("run", "agent/nobody", "--state", "link.db").stderr.contains("no agent"))
        // The lock goes with its process, however that ends.
        try await serve.crash()
        #expect(try await fleet.json("apply")["applied"]?.bool == false)
    }
}
