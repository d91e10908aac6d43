import Foundation
import Git
import State
import TestSupport
import Testing
import Values

/// What the program prints is what `schemas/` says.
@Suite("Machine formats")
struct MachineFormatTests {
    @Test("Every command's object is valid by its schema")
    func isValid() async throws {
        let fleet = try Fleet(try Examples.files("research-desk"))
        try await check(fleet, ["validate"], "validate")
        try await check(fleet, ["plan"], "plan")
        try await check(fleet, ["apply"], "plan")
        try fleet.commit(["prompts/extra.md": "Unused.\n"])
        try await check(fleet, ["apply"], "plan")
        try await check(fleet, ["diff", "HEAD^..HEAD"], "plan")
        try await check(fleet, ["next", "0 9 * * *", "--time-zone", "Europe/Berlin"], "next")
        let run = try await check(fleet, ["run", "summariser", "--input", "Two pull requests were merged."], "run")
        try await check(fleet, ["runs", try #require(run["id"]?.string)], "run")
        let events = try await check(fleet, ["events"], "list")
        let event = try #require(events["items"]?[0]?["id"]?.string)
        try await check(fleet, ["events", event], "event")
        let replay = try await check(fleet, ["events", "replay", event, "--to", "triage-signals"], "replay")
        let replayed = try #require(replay["runs"]?[0]?.string)
        let heard = try await check(fleet, ["events", try #require(replay["event"]?.string)], "event")
        #expect(heard["decisions"]?[0] == ["trigger": "triage-signals", "outcome": "run"], "\(heard)")
        for operation in ["cancel", "retry", "discard"] {
            try await check(fleet, ["runs", operation, replayed], "operation")
        }
        try fleet.repository.directory.write("body.json", "{\"action\": \"opened\"}")
        try await check(
            fleet, ["events", "test", "body.json", "--source", "github", "--header", "X-GitHub-Event: pull_request"],
            "tried")
        for kind in ["agents", "tools", "triggers", "channels"] { try await check(fleet, ["get", kind], "list") }
        try await check(fleet, ["get", "agents", "--limit", "1"], "list")
        try await check(fleet, ["runs"], "list")
        try await check(fleet, ["history"], "list")
        try await check(fleet, ["history", "1"], "revision")
        try await check(fleet, ["history", "agent/summariser"], "list")
        try await check(fleet, ["status"], "status")
        try fleet.commit(["triggers/incident.yaml": nil])
        try await check(fleet, ["apply"], "plan")
        try await check(fleet, ["get", "--deleted"], "list")
        try await check(fleet, ["status"], "status")
        try await check(fleet, ["undo", "2", "--dry-run"], "plan")
        try await check(fleet, ["undo", "2"], "plan")
        try await check(fleet, ["undo", "--resource", "trigger/incident", "--dry-run"], "plan")
        try await check(fleet, ["plan"], "plan")
        try await check(fleet, ["status"], "status")
        try await check(fleet, ["history"], "list")
        try await check(fleet, ["history", "3"], "revision")
        try await check(fleet, ["suspend", "agent/summariser", "--reason", "noisy", "--until", "2h"], "list")
        try await check(
            fleet, ["override", "agent/market-brief", "spec.limits.maxSteps=1", "--reason", "costs"], "list")
        try await check(fleet, ["override"], "list")
        try await check(fleet, ["get", "agents"], "list")
        try await check(fleet, ["plan"], "plan")
        try await check(fleet, ["status"], "status")
        try await check(fleet, ["resume", "agent/summariser"], "list")
    }

    @Test("What turns the direction of a text around is printed escaped, and says the same")
    func isEscaped() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        try fleet.edit("agents/greeter.yaml", "description: Greets", "description: a \u{202E}b\u{2066} Greets")
        for command in [["plan"], ["apply"], ["get", "agent/greeter"], ["describe", "agent/greeter"]] {
            let result = try await fleet.writ(command + ["-o", "json"])
            #expect(result.status == 0, "\(result)")
            #expect(result.stdout.contains(#"a \u202eb\u2066"#))
            #expect(!result.stdout.contains("\u{202E}"))
        }
        let agent = try await fleet.writ("get", "agent/greeter", "-o", "json").json
        #expect("\(agent)".contains("a \u{202E}b\u{2066}"))
    }

    @Test("So are the objects about a commit that is not valid")
    func isValidOfBadCommits() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.edit("agents/greeter.yaml", "systemPrompt:", "systemPromt:")
        try await check(fleet, ["validate"], "validate", status: 1)
        try await check(fleet, ["plan"], "plan", status: 1)
        try await check(fleet, ["apply"], "plan", status: 1)
        try await check(fleet, ["status"], "status")
    }

    @Test("Why a commit that can be read is not applied has a code of its own, with the commit and what is in force")
    func isNotApplied() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let first = try fleet.repository.repository.resolve("HEAD")
        _ = try await fleet.json("apply")
        let second = try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        func refused(_ code: String, _ commit: ObjectID, on revision: Int) async throws {
            let object = try await check(fleet, ["apply"], "plan", status: 1)
            #expect(object["diagnostics"]?[0]?["code"]?.string == code, "\(object)")
            #expect(object["commit"]?.string == commit.text)
            #expect(object["basis"]?["revision"]?.int == revision)
            #expect(object["applied"] == false)
        }
        let now = try #require(Instant(rfc3339: "2026-01-31T09:00:00Z"))
        let turn = try StateTurn(at: fleet.statePath, command: "a test", now: now)
        try await refused("locked", second, on: 1)
        turn.end()
        _ = try await fleet.json("apply")
        _ = try await fleet.json("undo", "2")
        try await refused("undone", second, on: 3)
        let third = try fleet.edit("agents/greeter.yaml", "maxSteps: 3", "maxSteps: 4")
        _ = try await fleet.json("apply")
        #expect(third != first)
        try fleet.repository.branch("main", at: first)
        try await refused("refused", first, on: 4)
    }

    @Test(
        "A schema refuses what is no such object",
        arguments: [
            "validate", "plan", "list", "run", "event", "revision", "status", "next", "why", "blame", "describe",
            "export", "backup", "doctor", "baseline", "operation", "replay", "tried", "restore",
        ])
    func refuses(_ name: String) throws {
        #expect(try !MachineFormat.violations(of: ["formatVersion": "1"], name).isEmpty)
    }

    @discardableResult
    private func check(
        _ fleet: Fleet, _ arguments: [String], _ name: String, status: Int32 = 0
    ) async throws -> JSON {
        let result = try await fleet.writ(arguments + ["-o", "json"])
        try #require(result.status == status, "\(result)")
        let object = try result.json
        let violations = try MachineFormat.violations(of: object, name)
        #expect(violations.isEmpty, "\(arguments): \(violations)")
        return object
    }
}

/// The schemas in `schemas/`.
enum MachineFormat {
    static func schema(_ name: String) throws -> JSONSchema {
        let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let bytes = try Data(contentsOf: root.appendingPathComponent("schemas/\(name).schema.json"))
        return try JSONSchema(try JSON(parsing: Array(bytes)))
    }

    static func violations(of object: JSON, _ name: String) throws -> [String] {
        try schema(name).validate(object).map(\.description)
    }
}
