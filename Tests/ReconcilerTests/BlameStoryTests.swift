import Git
import TestSupport
import Testing
import Values

@Suite("Which commit set what, through merges and moves")
struct BlameStoryTests {
    private func user(_ labels: String, role: String = "viewer") -> String {
        "apiVersion: writ/v1\nkind: User\nmetadata: {name: u, labels: {\(labels)}}\nspec: {displayName: U, role: \(role)}\n"
    }

    /// A commit on main that has `files`, and `side` for its second parent.
    private func merge(_ side: ObjectID, _ files: [String: String?], _ fleet: Fleet) throws -> ObjectID {
        let git = fleet.repository.repository
        let first = try git.resolve("HEAD")
        let bytes = String(decoding: try git.commitBytes(try fleet.commit(files, "Merge")), as: UTF8.self)
        let parents = "parent \(first.text)\n"
        try #require(bytes.contains(parents))
        let merge = try git.writeObject(
            Array(bytes.replacing(parents, with: "\(parents)parent \(side.text)\n").utf8), as: .commit)
        try fleet.repository.branch("main", at: merge)
        return merge
    }

    private func fields(_ fleet: Fleet) async throws -> [String: JSON] {
        let blame = try await fleet.json("blame", "user/u")
        #expect(try MachineFormat.violations(of: blame, "blame").isEmpty)
        return Dictionary((blame["fields"]?.array ?? []).map { ($0["path"]?.string ?? "", $0) }) { first, _ in first }
    }

    @Test("Of a merge each field is the commit's that set it on its side", arguments: [false, true])
    func mergesAreLookedInto(isAppliedBetween: Bool) async throws {
        let fleet = try Fleet(["u.yaml": user("a: one, b: one, c: one, d: one")])
        let base = try fleet.repository.repository.resolve("HEAD")
        _ = try await fleet.json("apply")
        let here = try fleet.commit(["u.yaml": user("a: two, b: one, c: one, d: one")])
        if isAppliedBetween { _ = try await fleet.json("apply") }
        try fleet.repository.branch("side", at: base)
        try fleet.repository.commit(["notes.md": "Other things"], branch: "side")
        let there = try fleet.repository.commit(["u.yaml": user("a: one, b: two, c: one, d: one")], branch: "side")
        let merged = try merge(there, ["u.yaml": user("a: two, b: two, c: one, d: two")], fleet)
        try fleet.commit(["notes.md": "More"])
        _ = try await fleet.json("apply")
        let fields = try await fields(fleet)
        func commit(_ label: String) -> String? { fields["/metadata/labels/\(label)"]?["commit"]?.string }
        #expect(commit("a") == here.text, "\(fields)")
        #expect(commit("b") == there.text, "\(fields)")
        #expect(commit("c") == base.text, "\(fields)")
        #expect(commit("d") == merged.text, "\(fields)")
        #expect(fields["/metadata/labels/a"]?["revision"]?.int == 2)
        #expect(fields["/metadata/labels/b"]?["revision"]?.int == (isAppliedBetween ? 3 : 2))
        #expect(fields["/metadata/labels/c"]?["revision"]?.int == 1)
        #expect(!fields.values.contains { $0["unsearched"] != nil || $0["boundary"] != nil }, "\(fields)")
    }

    @Test("A merge that takes a value back from before says that an earlier commit may have set it")
    func oldSidesAreDoubted() async throws {
        let fleet = try Fleet(["u.yaml": user("a: one")])
        let base = try fleet.repository.repository.resolve("HEAD")
        _ = try await fleet.json("apply")
        try fleet.commit(["u.yaml": user("a: two")])
        _ = try await fleet.json("apply")
        try fleet.repository.branch("side", at: base)
        let there = try fleet.repository.commit(["u.yaml": user("a: one", role: "developer")], branch: "side")
        _ = try merge(there, ["u.yaml": user("a: one", role: "developer")], fleet)
        _ = try await fleet.json("apply")
        let fields = try await fields(fleet)
        #expect(fields["/spec/role"]?["commit"]?.string == there.text, "\(fields)")
        #expect(fields["/metadata/labels/a"]?["commit"]?.string == base.text, "\(fields)")
        #expect(fields["/metadata/labels/a"]?["unsearched"] == true, "\(fields)")
    }

    @Test("What was set before a resource moved is still the commit's that set it, whatever was changed afterwards")
    func movesAreFollowedBack() async throws {
        let fleet = try Fleet(["users/u.yaml": user("a: one")])
        _ = try await fleet.json("apply")
        let edited = try fleet.commit(["users/u.yaml": user("a: two")])
        try fleet.commit(["notes.md": "Other things"])
        _ = try await fleet.json("apply")
        try fleet.commit(["users/u.yaml": nil, "people/all/u.yaml": user("a: two")])
        _ = try await fleet.json("apply")
        let last = try fleet.commit(["people/all/u.yaml": user("a: two", role: "developer")])
        _ = try await fleet.json("apply")
        let fields = try await fields(fleet)
        #expect(fields["/metadata/labels/a"]?["commit"]?.string == edited.text, "\(fields)")
        #expect(fields["/spec/role"]?["commit"]?.string == last.text, "\(fields)")
        #expect(!fields.values.contains { $0["unsearched"] != nil }, "\(fields)")
    }

    @Test("`why` names the commit that made an agent what it was, and not the last of its revision")
    func whyNamesCommits() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let edited = try fleet.edit("agents/greeter.yaml", "description: ", "description: Still ")
        try fleet.commit(["notes.md": "Other things"], "Take notes")
        _ = try await fleet.json("apply")
        let id = try #require(try await fleet.json("run", "greeter", "--input", "hello")["id"]?.string)
        let cause = try await fleet.json("why", id)
        #expect(try MachineFormat.violations(of: cause, "why").isEmpty)
        #expect(cause["target"]?["commit"]?.string == edited.text, "\(cause)")
        #expect(cause["target"]?["commitDetail"]?["id"]?.string == edited.text)
        let text = try await fleet.writ("why", id)
        #expect(text.stdout.contains("since revision 2, commit \(edited.text.prefix(12)) by"), "\(text)")
        _ = try await fleet.json("undo", "2")
        let undone = try #require(try await fleet.json("run", "greeter", "--input", "hello")["id"]?.string)
        #expect(try await fleet.json("why", undone)["target"]?["commit"] == nil)
        #expect(try await fleet.writ("why", undone).stdout.contains("since revision 3, undo of 2 by"))
    }
}
