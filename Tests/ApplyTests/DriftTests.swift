import Apply
import Spec
import State
import Testing
import Values

@Suite("Recorded resources that were altered")
struct DriftTests {
    private let before = ["u.yaml": user("u"), "v.yaml": user("v"), "w.yaml": user("w")]

    /// A plan in which the recorded u, v and w say that they are admins.
    private func plan(_ after: [String: String]) throws -> Plan {
        let applied = try ApplyFixture.catalog(before)
        let declared = try ApplyFixture.catalog(after)
        var plan = ApplyFixture.planner.plan(
            declared, commit: "c0ffee", applied: applied, basis: Plan.Basis(revision: 3, commit: "b0"),
            asOf: ApplyFixture.start)
        let altered = applied.resources.map { resource in
            AppliedResource(
                id: resource.id,
                manifest: ["kind": "User", "metadata": ["name": .string(resource.id.name)], "spec": ["role": "admin"]],
                digest: resource.digest, place: resource.place, sinceRevision: 1)
        }
        plan.note(altered: altered, declared: declared, alteration: 7)
        return plan
    }

    @Test func `are told in every form, with what is put back`() throws {
        let plan = try plan(before)
        #expect(plan.isEmpty)
        #expect(plan.restored.map(\.id.name) == ["u", "v", "w"])
        let text = PlanText.render(plan, color: false)
        let line = "User/u, which stands at u.yaml:1:1: spec.role \"admin\" -> (default); applying restores it"
        #expect(text.contains("Altered behind writ's back:\n  \(line)"), "\(text)")
        #expect(PlanMarkdown(path: "", command: "writ plan", limit: .comment).render(plan).contains(line))
        let json = plan.json["drift"]?[0]
        #expect(json?["name"] == "u" && json?["outcome"] == "restored")
        #expect(json?["fields"] == [["path": "/spec/role", "before": "admin"]])
    }

    @Test func `count as protected, whatever is recorded of that`() throws {
        var plan = try plan([
            "u.yaml": user("u"), "x.yaml": user("x").replacing("{name: x", with: "{name: x, renamedFrom: v"),
        ])
        #expect(
            plan.problems.map(\.message) == [
                "User/w was altered behind writ's back: it counts as protected and cannot be deleted",
                "User/v was altered behind writ's back: it counts as protected and cannot be renamed to x",
            ])
        let text = PlanText.render(plan, color: false)
        #expect(text.contains("User/w, which stands at w.yaml:1:1; this plan deletes it"), "\(text)")
        #expect(plan.problems.allSatisfy { $0.fix?.hasSuffix("(`writ apply --rev b0`)") == true })
        plan = try self.plan(["u.yaml": user("u", "role: developer"), "v.yaml": user("v"), "w.yaml": user("w")])
        #expect(plan.problems.isEmpty)
    }

    @Test func `are replaced by what changes them, and unknown where the commit does not say what was`() throws {
        let plan = try plan(["u.yaml": user("u", "role: developer"), "w.yaml": user("w")])
        #expect(plan.drift.map(\.outcome) == [.replaced, .replaced, .restored])
        let applied = try ApplyFixture.catalog(before)
        var other = ApplyFixture.planner.plan(
            applied, commit: "c0ffee", applied: applied, basis: .nothing, asOf: ApplyFixture.start)
        let altered = applied.resources.prefix(1).map {
            AppliedResource(id: $0.id, manifest: [:], digest: $0.digest, place: $0.place, sinceRevision: 1)
        }
        other.note(altered: altered, declared: try ApplyFixture.catalog(["v.yaml": user("v")]), alteration: nil)
        #expect(other.drift.map(\.outcome) == [.unknown])
        #expect(PlanText.render(other, color: false).contains("this commit does not say what it was"))
    }
}
