import Git
import TestSupport
import Testing
import Values

/// What becomes of an approved plan when other things are merged and applied before it.
@Suite("Stale plans")
struct StalePlanTests {
    private static let prompt = "prompts/greeter.md"
    private static let trigger = "triggers/every-minute.yaml"

    private let desk: Fleet
    private let file: String

    /// A plan of one edited prompt, on a branch of its own, against revision 1.
    init() async throws {
        desk = try Fleet(try Examples.files("quickstart"))
        file = desk.repository.directory.path(".writ-plan.json")
        _ = try await desk.json("apply")
        let base = try desk.repository.repository.resolve("HEAD")
        try desk.repository.branch("feature", at: base)
        let commit = try desk.repository.commit([Self.prompt: try edited()], "Say more", branch: "feature")
        let plan = try await desk.json("plan", "--rev", commit.text, "--out", file)
        #expect(plan.value(atPath: "summary.update")?.int == 1)
    }

    private func edited() throws -> String {
        let text = try desk.read(Self.prompt)
        try #require(text.contains("one friendly sentence"))
        return text.replacing("one friendly sentence", with: "two friendly sentences")
    }

    /// Something else is merged and applied.
    private func goOn() async throws {
        try desk.edit(Self.trigger, "* * * * *", "*/5 * * * *")
        _ = try await desk.json("apply")
    }

    @Test("What was approved is applied after an unrelated revision, once the branch says it too")
    func survives() async throws {
        try await goOn()
        let merged = try desk.commit([Self.prompt: try edited()], "Say more (squashed)")
        let applied = try await desk.writ("apply", file)
        #expect(applied.status == 0, "\(applied)")
        #expect(applied.stderr.contains("changes exactly what the saved plan says"), "\(applied)")
        let revision = try #require(try await desk.json("status")["revision"])
        #expect(revision["number"]?.int == 3)
        #expect(revision["commit"]?.string == merged.text)
        let again = try await desk.writ("apply", file)
        #expect(again.status == 0, "\(again)")
        #expect(
            again.stdout.hasPrefix("Nothing to do: all that the saved plan changes is in force already"), "\(again)")
    }

    @Test("What is in force already, because what came on top was applied first, is nothing to do")
    func isInForce() async throws {
        try desk.commit([Self.prompt: try edited()], "Say more (squashed)")
        try await goOn()
        let before = try desk.stateBytes()
        let json = try await desk.json("apply", file)
        #expect(json["applied"]?.bool == false)
        #expect(json["revision"]?.int == 2)
        #expect(try desk.stateBytes() == before)
    }

    @Test("A plan whose changes are not those of the branch any more is refused with the difference")
    func isDifferent() async throws {
        let text = try edited()
        try desk.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await desk.json("apply")
        try desk.commit([Self.prompt: text, Self.trigger: nil], "More than was approved")
        let refused = try await desk.writ("apply", file)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("the saved plan is out of date"), "\(refused)")
        #expect(
            refused.stdout.contains("+ Trigger/every-minute  # not planned: delete, no longer declared"), "\(refused)")
        #expect(refused.stdout.contains("~ Agent/greeter  # update, in another way"), "\(refused)")
        let json = try await desk.writ("apply", file, "-o", "json")
        #expect(json.status == 1, "\(json)")
        let stale = try #require(try json.json["outdated"], "\(json)")
        #expect(stale["new"]?.array?.compactMap { $0["name"]?.string } == ["every-minute"])
        #expect(stale["different"]?[0]?["saved"]?["name"]?.string == "greeter")
        #expect(stale["gone"]?.array?.isEmpty == true)
        #expect(try json.json["applied"]?.bool == false)
        #expect(try MachineFormat.violations(of: json.json, "plan").isEmpty)
        #expect(try await desk.json("status").value(atPath: "revision.number")?.int == 2)
    }

    @Test("A plan that nobody merged would undo what was: it is refused")
    func isNotMerged() async throws {
        try await goOn()
        let refused = try await desk.writ("apply", file)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stdout.contains("- Agent/greeter  # planned: update; this change is not to be made any more"))
        #expect(refused.stderr.contains("does not go on from the applied commit"), "\(refused)")
        #expect(try await desk.json("status").value(atPath: "revision.number")?.int == 2)
    }

    @Test("A plan that was edited is no saved plan")
    func isEdited() async throws {
        let text = try desk.read(".writ-plan.json")
        try desk.repository.directory.write(
            ".writ-plan.json", text.replacing("\"action\":\"update\"", with: "\"action\":\"delete\""))
        let refused = try await desk.writ("apply", file)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("was edited"), "\(refused)")
    }
}
