import Apply
import Spec
import TestSupport
import Testing
import Values

@Suite("Keeping what is no longer declared")
struct KeepingTests {
    private let agent = manifest("Agent", "a", "model: {provider: p, name: m}\nsystemPrompt: Be brief.")
    private let provider = manifest("Provider", "p", "type: openai")

    /// - Parameters:
    ///   - prunes: by what is in force
    ///   - then: by what the commit says
    private func plan(
        _ before: [String: String], _ after: [String: String], prunes: Bool = false, then: Bool = false
    ) throws -> Plan {
        let settings = try CatalogLoader(zones: ApplyFixture.zones).load(
            MemorySnapshot(["writ.yaml": "prune: \(then)\n", "u.yaml": user("u")])
        ).settings
        return ApplyFixture.planner.plan(
            try ApplyFixture.catalog(after), commit: "c0ffee", applied: try ApplyFixture.catalog(before),
            basis: Plan.Basis(revision: 3, commit: "b0"), asOf: ApplyFixture.start, settings: settings, prunes: prunes)
    }

    @Test func `the commit that turns pruning on says what the next one deletes`() throws {
        let plan = try plan(["u.yaml": user("u"), "v.yaml": user("v")], ["v.yaml": user("v")], then: true)
        #expect(plan.isEmpty && plan.kept.count == 1)
        let text = PlanText.render(plan, color: false)
        #expect(!text.contains("prune is off"), "\(text)")
        #expect(
            text.contains(
                "Kept until the next commit, which deletes what is no longer declared (prune is on from then):\n"
                    + "  User/u, which stood at u.yaml:1:1"), "\(text)")
    }

    @Test func `nothing is deleted, and all forms say what is kept`() throws {
        let before = ["u.yaml": user("u"), "v.yaml": user("v")]
        let plan = try plan(before, ["v.yaml": user("v")])
        #expect(plan.isEmpty)
        #expect(plan.refusals.isEmpty)
        #expect(plan.kept.map(\.id.description) == ["User/u"])
        let text = PlanText.render(plan, color: false)
        #expect(text.contains("No changes"))
        #expect(text.contains("Kept, though no longer declared (prune is off):\n  User/u, which stood at u.yaml:1:1"))
        #expect(plan.json["kept"] == [["kind": "User", "name": "u", "path": "u.yaml", "line": 1]])
        let markdown = PlanMarkdown(path: "", command: "writ plan", limit: .comment).render(plan)
        #expect(markdown.contains("User/u, which stood at u.yaml:1:1"))
        #expect(try self.plan(before, ["v.yaml": user("v")], prunes: true).summary == ["delete User/u"])
    }

    @Test func `even all of a kind goes without a brake, because it does not go`() throws {
        let plan = try plan(["a.yaml": agent, "p.yaml": provider], ["u.yaml": user("u")])
        #expect(plan.summary == ["create User/u"])
        #expect(plan.brake == nil)
        #expect(plan.problems.isEmpty)
        #expect(plan.kept.count == 2)
    }

    @Test func `what is kept must not name what becomes something else`() throws {
        let renamed = manifest("Provider", "q, renamedFrom: p", "type: openai")
        let plan = try plan(["a.yaml": agent, "p.yaml": provider], ["q.yaml": renamed])
        #expect(plan.summary == ["rename Provider/q"])
        let problem = try #require(plan.problems.first)
        #expect(problem.code == .danglingReference)
        let words = "Agent/a, which stood at a.yaml:1:1 and is kept (prune is off), names Provider/p,"
        #expect(problem.message.hasPrefix(words), "\(problem.message)")
        // Its own file is not in the commit: the place is that of the change.
        #expect(problem.place.path == "q.yaml")
        #expect(problem.fix?.contains("declare Agent/a again") == true)
        #expect(plan.refusals.count == 1)
    }
}
