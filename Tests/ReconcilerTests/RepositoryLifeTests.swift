import Git
import TestSupport
import Testing
import Values

@Suite("The life of a repository")
struct RepositoryLifeTests {
    private func applied() async throws -> Fleet {
        let desk = try Fleet(try Examples.files("research-desk"))
        _ = try await desk.json("apply")
        return desk
    }

    /// `Kind/name` of what a plan would do, by its action.
    private func changes(_ plan: JSON, _ action: String) -> [String] {
        (plan["changes"]?.array ?? []).filter { $0["action"]?.string == action }
            .map { "\($0["kind"]?.string ?? "")/\($0["name"]?.string ?? "")" }.sorted()
    }

    private func revision(_ desk: Fleet) async throws -> Int? {
        try await desk.json("status").value(atPath: "revision.number")?.int
    }

    @Test("A new repository is validated, planned without writing anything, and applied")
    func isCreated() async throws {
        let desk = try Fleet(try Examples.files("research-desk"))
        let validated = try await desk.writ("validate")
        #expect(validated.status == 0, "\(validated)")
        #expect(validated.stderr.contains("27 resources"), "\(validated)")

        let planned = try await desk.writ("plan", "--detailed-exitcode")
        #expect(planned.status == 2, "\(planned)")
        #expect(planned.stdout.contains("+ Agent/market-brief"), "\(planned)")
        #expect(planned.stdout.contains("Plan: 27 to create, 0 to update, 0 to delete; 0 unchanged; "), "\(planned)")
        #expect(!desk.repository.directory.exists(".writ"))

        let applied = try await desk.json("apply")
        #expect(applied["applied"]?.bool == true)
        #expect(applied["revision"]?.int == 1)
        #expect(applied.value(atPath: "basis.revision")?.int == 0)
        #expect(applied.value(atPath: "summary.create")?.int == 27)
        #expect(try desk.read(".git/info/exclude").contains("/.writ/"))

        let status = try await desk.writ("status")
        #expect(status.stdout.contains("Revision    1 (commit "), "\(status)")
        #expect(status.stdout.contains("by ada"), "\(status)")
        let agents = try await desk.json("get", "agents")
        #expect(
            agents["items"]?.array?.compactMap { $0.value(atPath: "metadata.name")?.string }.sorted() == [
                "incident-helper", "market-brief", "pull-request-triage", "summariser",
            ])
    }

    @Test("The same commit, state and instant give the same plan, byte for byte")
    func isPure() async throws {
        let desk = try Fleet(try Examples.files("research-desk"))
        let first = try await desk.writ("plan", "-o", "json", "--at", "2026-01-31T09:00:00Z")
        let second = try await desk.writ("plan", "-o", "json", "--at", "2026-01-31T09:00:00Z")
        #expect(first.status == 0, "\(first)")
        #expect(first.stdout == second.stdout)
    }

    @Test("Applying what is applied says so and writes nothing")
    func isUnchanged() async throws {
        let desk = try await applied()
        let before = try desk.stateBytes()
        let again = try await desk.writ("apply")
        #expect(again.status == 0, "\(again)")
        #expect(again.stdout.hasPrefix("No changes"), "\(again)")
        #expect(try desk.stateBytes() == before)
        let planned = try await desk.writ("plan", "--detailed-exitcode")
        #expect(planned.status == 0, "\(planned)")
        #expect(planned.stdout.contains("No changes"), "\(planned)")
    }

    @Test("An edited prompt updates exactly the agents that include it")
    func promptIsEdited() async throws {
        let desk = try await applied()
        try desk.edit("prompts/desk-persona.md", "exact, brief and calm", "exact and brief")
        let plan = try await desk.json("plan")
        #expect(changes(plan, "update") == ["Agent/market-brief", "Agent/summariser"])
        #expect(plan["changes"]?.array?.count == 2)
        let field = plan["changes"]?[0]?["fields"]?[0]
        #expect(field?["path"]?.string?.hasPrefix("/spec/persona") == true)
        #expect(field?["before"]?.canonicalText.contains("brief and calm") == true)
        #expect(field?["after"]?.canonicalText.contains("exact and brief") == true)
        _ = try await desk.json("apply")
        #expect(try await revision(desk) == 2)
        let history = try await desk.json("history")
        #expect(history["items"]?.array?.compactMap { $0["number"]?.int } == [2, 1])
        let agent = try await desk.json("history", "agent/summariser")
        #expect(agent["items"]?.array?.compactMap { $0["action"]?.string } == ["update", "create"])
    }

    @Test("A renamed tool that an agent uses is refused with the place of the use, and taken when that is mended")
    func toolIsRenamed() async throws {
        let desk = try await applied()
        try desk.edit("tools/service-status.yaml", "name: service-status", "name: service-health")
        for command in ["validate", "plan", "apply"] {
            let refused = try await desk.writ(command)
            #expect(refused.status == 1, "\(refused)")
            let place = "agents/incident-helper.yaml:11:11: error: "
            #expect(refused.stdout.contains(place), "\(refused)")
            #expect(refused.stdout.contains("[dangling-reference]"), "\(refused)")
        }
        #expect(try await revision(desk) == 1)
        try desk.edit("agents/incident-helper.yaml", "[service-status]", "[service-health]")
        let plan = try await desk.json("apply")
        #expect(changes(plan, "rename") == ["Tool/service-health"])
        #expect(changes(plan, "create").isEmpty && changes(plan, "delete").isEmpty)
        #expect(changes(plan, "update") == ["Agent/incident-helper"])
        #expect(try await revision(desk) == 2)
    }

    @Test("A deleted trigger goes, and nothing else")
    func triggerIsDeleted() async throws {
        let desk = try await applied()
        try desk.commit(["triggers/tokyo-summary.yaml": nil])
        let planned = try await desk.writ("plan")
        #expect(planned.stdout.contains("- Trigger/tokyo-summary"), "\(planned)")
        #expect(changes(try await desk.json("apply"), "delete") == ["Trigger/tokyo-summary"])
        let listed = try await desk.writ("get", "triggers")
        #expect(listed.stdout.contains("london-brief"), "\(listed)")
        #expect(!listed.stdout.contains("tokyo-summary"), "\(listed)")
        let status = try await desk.json("status")
        #expect(status["schedules"]?.array?.count == 2)
    }

    @Test("A moved file changes no resource and makes no revision")
    func fileIsMoved() async throws {
        let desk = try await applied()
        let text = try desk.read("people/research.yaml")
        try desk.commit(["people/research.yaml": nil, "teams/research.yaml": text])
        let applied = try await desk.json("apply")
        #expect(applied["applied"]?.bool == false)
        #expect(applied.value(atPath: "summary.move")?.int == 1)
        #expect(try await revision(desk) == 1)
    }

    @Test("A broken file changes nothing, and its place is told")
    func fileIsBroken() async throws {
        let desk = try await applied()
        try desk.commit(["agents/summariser.yaml": "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: summariser\n"])
        let refused = try await desk.writ("apply")
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stdout.contains("agents/summariser.yaml:"), "\(refused)")
        #expect(refused.stdout.contains("[yaml-syntax]"), "\(refused)")
        #expect(refused.stderr.contains("revision 1 stays in force"), "\(refused)")
        #expect(try await revision(desk) == 1)
        let listed = try await desk.writ("get", "agents")
        #expect(listed.stdout.contains("summariser"), "\(listed)")
    }

    @Test("An older commit is applied only when that is meant (fault B54)")
    func isRewound() async throws {
        let desk = try await applied()
        let first = try desk.repository.repository.resolve("HEAD")
        try desk.edit("prompts/triage.md", "four short parts", "three short parts")
        _ = try await desk.json("apply")
        let refused = try await desk.writ("apply", "--rev", first.text)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.stderr.contains("--allow-rewind"), "\(refused)")
        #expect(try await revision(desk) == 2)
        let rewound = try await desk.writ("apply", "--rev", first.text, "--allow-rewind")
        #expect(rewound.status == 0, "\(rewound)")
        #expect(try await revision(desk) == 3)
    }
}
