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

    /// Commits of one user, whose every label says which commit gave it its value.
    private struct History {
        struct Made {
            let id: ObjectID
            let values: [String: Int]
            let path: String
            let parents: [Int]
        }

        let repository: TestRepository
        private(set) var made: [Made] = []

        init(_ repository: TestRepository) {
            self.repository = repository
        }

        mutating func commit(
            _ values: [String: Int], at path: String, on parents: [Int], changing labels: [String] = []
        ) throws {
            var values = values
            for label in labels { values[label] = made.count }
            let text = values.sorted { $0.key < $1.key }.map { "\($0.key): c\($0.value)" }.joined(separator: ", ")
            let manifest =
                "apiVersion: writ/v1\nkind: User\nmetadata: {name: u, labels: {\(text)}}\n"
                + "spec: {displayName: U, role: viewer}\n"
            let notes = RawEntry("100644", "n.md", try repository.writeBlob("\(made.count)"))
            let file = RawEntry("100644", path, try repository.writeBlob(manifest))
            let id = try repository.writeCommit(
                tree: try repository.writeTree([notes, file]), parents: parents.map { made[$0].id })
            made.append(Made(id: id, values: values, path: path, parents: parents))
        }

        /// As git merges: what the other side changed since both were one, unless this side did, too.
        mutating func merge(_ other: Int, into this: Int) throws {
            let base = ancestors(of: this).intersection(ancestors(of: other)).max() ?? 0
            let theirs = made[other].values
            let merged = made[this].values
            let values = merged.reduce(into: merged) { values, ours in
                if ours.value == made[base].values[ours.key] { values[ours.key] = theirs[ours.key] ?? ours.value }
            }
            try commit(values, at: made[this].path, on: [this, other])
        }

        private func ancestors(of commit: Int) -> Set<Int> {
            var found: Set<Int> = []
            var waiting = [commit]
            while let next = waiting.popLast() {
                if found.insert(next).inserted { waiting += made[next].parents }
            }
            return found
        }
    }

    @Test("Of any history each field is the commit's that gave it its value", arguments: [3, 26, 2_026])
    func holdsForAnyHistory(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        let fleet = try Fleet()
        let labels = ["a", "b", "c", "d"]
        var history = History(fleet.repository)
        try history.commit([:], at: "u.yaml", on: [], changing: labels)
        var heads = [0, 0, 0]
        for turn in 1...40 {
            let branch = Int.random(in: heads.indices, using: &random)
            let head = heads[branch]
            let now = history.made[head]
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let some = labels.shuffled(using: &random).prefix(2)
                try history.commit(now.values, at: now.path, on: [head], changing: Array(some))
            case 5:
                let path = ["u.yaml", "v.yaml", "w.yaml"].randomElement(using: &random) ?? ""
                try history.commit(now.values, at: path, on: [head])
            case 6: try history.commit(now.values, at: now.path, on: [head])
            default:
                let other = heads[(branch + 1) % heads.count]
                guard other != head else { continue }
                try history.merge(other, into: head)
            }
            heads[branch] = history.made.count - 1
            guard branch == 0, turn % 3 == 0 || turn == 40 else { continue }
            try fleet.repository.branch("main", at: history.made[heads[0]].id)
            _ = try await fleet.json("apply")
        }
        try fleet.repository.branch("main", at: history.made[heads[0]].id)
        _ = try await fleet.json("apply")
        let fields = try await fields(fleet).filter { $0.key.hasPrefix("/metadata/labels/") }
        #expect(fields.count == labels.count)
        for (path, field) in fields {
            let number = try #require(field["value"]?.string.flatMap { Int($0.dropFirst()) })
            #expect(field["commit"]?.string == history.made[number].id.text, "\(path) of \(seed): \(field)")
        }
    }
}
