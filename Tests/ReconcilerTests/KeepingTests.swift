import Foundation
import GRDB
import TestSupport
import Testing
import Values

@Suite("Backups and the doctor")
struct KeepingTests {
    @Test("A backup taken while `serve` writes is a whole state of its owner's alone")
    func isBackedUp() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let server = try await fleet.serve()
        try await server.logged("applied")
        _ = try await fleet.json("run", "greeter", "--input", "hello")
        let copy = fleet.repository.directory.path(".writ/copy.db")
        let made = try await fleet.json("backup", copy)
        #expect(try MachineFormat.violations(of: made, "backup").isEmpty)
        #expect(made["revision"]?.int == 1)
        #expect(try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int == 0o600)
        let again = try await fleet.writ("backup", copy)
        #expect(again.status == 1)
        #expect(again.stderr.contains("is there already"), "\(again)")
        #expect(try await server.terminate() == 0)
        let runs = try await fleet.writ("runs", "--state", copy, "--repo", "/nowhere", "-o", "json")
        #expect(try runs.json["items"]?.array?.contains { $0["agent"] == "greeter" } == true, "\(runs)")
        // It can be written to as any state.
        let applied = try await fleet.writ("apply", "--state", copy)
        #expect(applied.status == 0, "\(applied)")
    }

    private func statuses(_ doctor: JSON) -> [String: String] {
        Dictionary((doctor["checks"]?.array ?? []).map { ($0["check"]?.string ?? "", $0["status"]?.string ?? "") }) {
            first, second in first == "ok" ? second : first
        }
    }

    @Test("A backup takes the place of the state, which goes aside; not while it is served (fault D86)")
    func restore() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let copy = fleet.repository.directory.path("copy.db")
        _ = try await fleet.json("backup", copy)
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")

        let serve = try await fleet.serve()
        let refused = try await fleet.writ("restore", copy)
        #expect(refused.status == 1)
        #expect(refused.stderr.contains("pid \(serve.process.pid) (writ serve)"), "\(refused)")
        try await serve.crash()

        let restored = try await fleet.json("restore", copy)
        #expect(try MachineFormat.violations(of: restored, "restore").isEmpty)
        #expect(restored["revision"]?.int == 1)
        let kept = try #require(restored["kept"]?.string)
        #expect(try await fleet.json("status").value(atPath: "revision.number")?.int == 1)
        #expect(try await fleet.json("status", "--state", kept).value(atPath: "revision.number")?.int == 2)
        #expect(try await fleet.json("apply")["revision"]?.int == 2)
    }

    @Test("The doctor finds a sound state sound, and secrets that are missing by their names")
    func isSound() async throws {
        var fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let missing = try await fleet.writ("doctor", "-o", "json")
        #expect(missing.status == 1, "\(missing)")
        #expect(statuses(try missing.json)["secrets"] == "problem")
        #expect(missing.stdout.contains("QUICKSTART_WEBHOOK_SECRET"), "\(missing)")
        fleet.environment["QUICKSTART_WEBHOOK_SECRET"] = "canary-canary"
        let sound = try await fleet.writ("doctor", "-o", "json")
        #expect(sound.status == 0, "\(sound)")
        #expect(try MachineFormat.violations(of: sound.json, "doctor").isEmpty)
        for check in ["state", "integrity", "digests", "repository", "clock", "time-zones", "secrets"] {
            #expect(statuses(try sound.json)[check] == "ok", "\(check)")
        }
        let text = try await fleet.writ("doctor")
        #expect(text.stderr == "No problems.\n", "\(text)")
        #expect(!text.stdout.contains("canary"))
    }

    @Test("The doctor finds rows that were changed behind Writ's back, damage, and a missing zone database")
    func isAltered() async throws {
        var fleet = try Fleet(try Examples.files("quickstart"))
        fleet.environment["QUICKSTART_WEBHOOK_SECRET"] = "canary-canary"
        _ = try await fleet.json("apply")
        let queue = try DatabaseQueue(path: fleet.statePath)
        try await queue.write { db in
            try db.execute(
                sql: "UPDATE manifest SET body = replace(body, 'friendly', 'rude') WHERE body LIKE '%friendly%'")
        }
        try queue.close()
        fleet.environment["TZDIR"] = "/nowhere"
        let found = try await fleet.writ("doctor", "-o", "json")
        #expect(found.status == 1, "\(found)")
        #expect(statuses(try found.json)["digests"] == "problem")
        #expect(statuses(try found.json)["time-zones"] == "problem")
        let path = fleet.statePath
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
        let cut = try await fleet.writ("doctor", "-o", "json")
        #expect(cut.status == 1)
        #expect(statuses(try cut.json)["state"] == "problem", "\(cut)")
    }

    @Test("The doctor warns of a state that has another name, which would have a log of its own")
    func hasTwoNames() async throws {
        var fleet = try Fleet(try Examples.files("quickstart"))
        fleet.environment["QUICKSTART_WEBHOOK_SECRET"] = "canary-canary"
        _ = try await fleet.json("apply")
        #expect(statuses(try await fleet.json("doctor"))["links"] == nil)
        try FileManager.default.linkItem(atPath: fleet.statePath, toPath: fleet.statePath + ".kept")
        #expect(statuses(try await fleet.json("doctor"))["links"] == "warning")
    }

    @Test("The doctor works where there is neither repository nor state")
    func isNothing() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let found = try await fleet.writ("doctor", "--repo", "/nowhere", "-o", "json")
        #expect(found.status == 1)
        #expect(statuses(try found.json)["repository"] == "problem")
        let fresh = try await fleet.writ("doctor", "-o", "json")
        #expect(fresh.status == 0, "\(fresh)")
    }
}
