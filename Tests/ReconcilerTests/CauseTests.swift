import Git
import State
import TestSupport
import Testing
import Values

/// From a run back to the commit, and from a field to who set it.
@Suite("Causes")
struct CauseTests {
    @Test("`why` leads from a run to its event, agent, revision, commit and author")
    func isExplained() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let commit = try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")
        let run = try await fleet.json("run", "greeter", "--input", "hello")
        let id = try #require(run["id"]?.string)
        let why = try await fleet.json("why", id)
        #expect(try MachineFormat.violations(of: why, "why").isEmpty)
        #expect(why["run"]?["id"]?.string == id)
        #expect(why["target"]?["name"]?.string == "greeter")
        #expect(why["target"]?["digest"] == why["run"]?["manifestDigest"])
        #expect(why["target"]?["since"]?["number"]?.int == 2)
        #expect(why["revision"]?["commit"]?.string == commit.text)
        #expect(why["revision"]?["commitDetail"]?["author"]?["name"]?.string == "Ada Example")
        #expect(why["uses"]?.array?.compactMap { $0["name"]?.string } == ["replay"])
        #expect(why["uses"]?[0]?["since"]?["number"]?.int == 1)
        let text = try await fleet.writ("why", id)
        #expect(text.status == 0, "\(text)")
        for part in ["Agent/greeter", "revision 2", "Ada Example", "Model     replay", commit.text] {
            #expect(text.stdout.contains(part), "\(part): \(text)")
        }
    }

    @Test("`why` names the schedule and the instant of a run that nobody asked for")
    func isScheduled() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let store = try StateStore.open(
            at: fleet.statePath, command: "test", now: Instant(seconds: 0),
            identifiers: IdentifierGenerator(now: { 0 }, random: { .random(in: .min ... .max) }))
        let cursor = try #require(try store.reader.scheduleCursors()["every-minute"])
        let instant = cursor.instant.advanced(by: .seconds(60))
        let fired = try store.fire(
            ScheduleFiring(
                cursor: cursor, next: instant,
                run: NewRun(target: .agent("greeter"), revision: 1, scheduledAt: instant, notBefore: instant),
                at: instant))
        try store.close()
        guard case .fired(let made) = fired else { return #expect(Bool(false), "\(fired)") }
        let id = try #require(made)
        let text = try await fleet.writ("why", id)
        #expect(text.stdout.contains("Event     none: it was due by the schedule `* * * * *` (UTC)"), "\(text)")
        #expect(text.stdout.contains("for the instant \(instant.rfc3339)"), "\(text)")
        #expect(!text.stdout.contains("by hand"), "\(text)")
    }

    @Test("`why` needs no repository where the state is named, and says that authors are not known")
    func isWithoutRepository() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let id = try #require(try await fleet.json("run", "greeter", "--input", "hello")["id"]?.string)
        let elsewhere = try TemporaryDirectory()
        let text = try await fleet.writ("why", id, "--state", fleet.statePath, "--repo", elsewhere.path)
        #expect(text.status == 0, "\(text)")
        #expect(text.stdout.contains("Revision  1"), "\(text)")
        #expect(text.stderr.contains("Authors are not known"), "\(text)")
        let missing = try await fleet.writ("why", "run_0")
        #expect(missing.status == 1)
        #expect(missing.stderr.contains("there is no run `run_0`"), "\(missing)")
    }

    @Test("`blame` names the commit of each field, through a rename")
    func isBlamed() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.edit("triggers/every-minute.yaml", "Shows that", "Proves that")
        _ = try await fleet.json("apply")
        let renamed = try fleet.edit("triggers/every-minute.yaml", "name: every-minute", "name: each-minute")
        _ = try await fleet.json("apply")
        let blame = try await fleet.json("blame", "trigger/each-minute")
        #expect(try MachineFormat.violations(of: blame, "blame").isEmpty)
        #expect(blame["formerNames"] == ["every-minute"])
        func revision(_ path: String) -> Int? {
            blame["fields"]?.array?.first { $0["path"]?.string == path }?["revision"]?.int
        }
        #expect(revision("/metadata/name") == 3)
        #expect(revision("/spec/description") == 2)
        #expect(revision("/spec/schedule/cron") == 1)
        #expect(blame["revisions"]?.array?.last?["commit"]?.string == renamed.text)
        // The former name stands for what the resource became.
        #expect(try await fleet.json("blame", "trigger/every-minute")["name"]?.string == "each-minute")
        let text = try await fleet.writ("blame", "trigger/each-minute")
        #expect(text.stdout.contains("Ada Example"), "\(text)")
        #expect(
            try MachineFormat.violations(of: try await fleet.json("history", "trigger/each-minute"), "list").isEmpty)
    }

    @Test("`blame` tells the commits of one revision apart, merged ones too, and names who took something back")
    func isBlamedPrecisely() async throws {
        let user = "apiVersion: writ/v1\nkind: User\nmetadata: {name: u}\nspec: {displayName: U, role: viewer}\n"
        let fleet = try Fleet(["u.yaml": user])
        _ = try await fleet.json("apply")
        let first = try fleet.edit("u.yaml", "role: viewer", "role: developer")
        try fleet.commit(["notes.md": "Other things"])
        let second = try fleet.edit("u.yaml", "displayName: U", "displayName: Ursula")
        let other = ["v.yaml": user.replacing("name: u", with: "name: v")]
        try fleet.repository.branch("side", at: second)
        let side = try fleet.repository.commit(other, branch: "side")
        let notes = try fleet.commit(["notes.md": "More"])
        let git = fleet.repository.repository
        let bytes = String(decoding: try git.commitBytes(try fleet.commit(other)), as: UTF8.self)
        let merge = try git.writeObject(
            Array(bytes.replacing("parent \(notes.text)\n", with: "parent \(notes.text)\nparent \(side.text)\n").utf8),
            as: .commit)
        try fleet.repository.branch("main", at: merge)
        _ = try await fleet.json("apply")
        func commits(of name: String) async throws -> [String: String] {
            let blame = try await fleet.json("blame", "user/\(name)")
            #expect(try MachineFormat.violations(of: blame, "blame").isEmpty)
            return Dictionary(
                (blame["fields"]?.array ?? []).map { ($0["path"]?.string ?? "", $0["commit"]?.string ?? "-") }
            ) { first, _ in first }
        }
        let found = try await commits(of: "u")
        #expect(found["/spec/role"] == first.text)
        #expect(found["/spec/displayName"] == second.text)
        #expect(try await commits(of: "v")["/spec/displayName"] == side.text)
        _ = try await fleet.json("undo", "2")
        #expect(try await commits(of: "u")["/spec/displayName"] == "-")
        let text = try await fleet.writ("blame", "user/u")
        #expect(text.stdout.contains("undo of 2"), "\(text)")
    }

    @Test("`blame` follows a resource into the file where it stood before, within one revision too")
    func isBlamedThroughMoves() async throws {
        func user(_ name: String, _ role: String) -> String {
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {displayName: U, role: \(role)}\n"
        }
        let fleet = try Fleet(["u.yaml": user("u", "viewer"), "v.yaml": user("v", "viewer")])
        _ = try await fleet.json("apply")
        let edited = try fleet.commit(["u.yaml": user("u", "developer")])
        try fleet.commit(["u.yaml": nil, "people/u.yaml": user("u", "developer")])
        try fleet.commit(["people/u.yaml": nil, "v.yaml": user("v", "viewer") + "---\n" + user("u", "developer")])
        _ = try await fleet.json("apply")
        let blame = try await fleet.json("blame", "user/u")
        let role = blame["fields"]?.array?.first { $0["path"] == "/spec/role" }
        #expect(role?["commit"]?.string == edited.text, "\(blame)")
    }

    @Test("`blame` follows a text into the file where it stood before, and names the commit that moved it")
    func isBlamedThroughMovedTexts() async throws {
        func agent(_ prompt: String) -> String {
            "apiVersion: writ/v1\nkind: Agent\nmetadata: {name: a}\nspec:\n  model: {provider: p, name: m}\n"
                + "  systemPrompt: {file: \(prompt)}\n"
        }
        let provider = "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: p}\nspec: {type: ollama}\n"
        let fleet = try Fleet(["p.yaml": provider, "old/a.yaml": agent("a.md"), "old/a.md": "Be long."])
        _ = try await fleet.json("apply")
        let edited = try fleet.commit(["old/a.md": "Be brief."])
        let last = try fleet.commit(["notes.md": "Other things"])
        _ = try await fleet.json("apply")
        let moved = try fleet.commit([
            "old/a.yaml": nil, "old/a.md": nil, "new/a.yaml": agent("a.md"), "new/a.md": "Be brief.",
        ])
        let plan = try await fleet.json("plan")
        #expect(try MachineFormat.violations(of: plan, "plan").isEmpty)
        #expect(plan["changes"] == [] && plan["moves"]?.array?.count == 1, "\(plan)")
        #expect(try await fleet.json("apply")["applied"] == false)
        #expect(try await fleet.json("plan")["moves"] == nil)
        #expect(try await fleet.json("plan", "--full")["moves"] == nil)
        let blame = try await fleet.json("blame", "agent/a")
        func commit(_ path: String) -> String? {
            blame["fields"]?.array?.first { $0["path"]?.string == path }?["commit"]?.string
        }
        #expect(commit("/spec/systemPrompt/text") == edited.text, "\(blame) \(last)")
        #expect(commit("/spec/systemPrompt/file") == moved.text, "\(blame)")
    }

    @Test("`blame` says at each field where it looked no further back")
    func isBlamedAsFarAsItLooks() async throws {
        func user(_ role: String, _ name: String) -> String {
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: u}\nspec: {displayName: \(name), role: \(role)}\n"
        }
        let fleet = try Fleet(["u.yaml": user("viewer", "U")])
        _ = try await fleet.json("apply")
        try fleet.commit(["u.yaml": user("developer", "U")])
        for number in 0..<2_010 { try fleet.commit(["notes.md": "Edition \(number)"]) }
        let last = try fleet.commit(["u.yaml": user("developer", "Ursula")])
        _ = try await fleet.json("apply")
        let result = try await fleet.writ("blame", "user/u", "-o", "json")
        #expect(result.status == 0)
        let blame = try result.json
        #expect(try MachineFormat.violations(of: blame, "blame").isEmpty)
        func field(_ path: String) -> JSON? { blame["fields"]?.array?.first { $0["path"]?.string == path } }
        #expect(field("/spec/displayName")?["commit"]?.string == last.text)
        #expect(field("/spec/displayName")?["unsearched"] == nil)
        #expect(field("/spec/role")?["unsearched"] == true, "\(blame)")
        #expect(field("/spec/role")?["revision"] == 2)
        // The earlier revision's commits were not looked at at all.
        #expect(field("/metadata/name")?["revision"] == 1)
        #expect(field("/metadata/name")?["unsearched"] == true, "\(blame)")
        let text = try await fleet.writ("blame", "user/u")
        let row = text.stdout.split(separator: "\n").first { $0.contains("spec.role") }
        #expect(row?.contains(" ?") == true, "\(text)")
        #expect(text.stderr.contains("no more than 2000 contents"), "\(text)")
    }

    @Test("`blame` says where history is missing, as in a shallow clone")
    func isBlamedAtTheBoundary() async throws {
        func user(_ role: String, _ name: String) -> String {
            "apiVersion: writ/v1\nkind: User\nmetadata: {name: u}\nspec: {displayName: \(name), role: \(role)}\n"
        }
        let fleet = try Fleet(["u.yaml": user("viewer", "U")])
        let first = try fleet.repository.repository.resolve("HEAD")
        let second = try fleet.commit(["notes.md": "Other things"])
        let third = try fleet.commit(["u.yaml": user("developer", "U")])
        try fleet.repository.directory.write(".git/shallow", second.text + "\n")
        try fleet.repository.damage(first, nil)
        _ = try await fleet.json("apply")
        let blame = try await fleet.json("blame", "user/u")
        #expect(try MachineFormat.violations(of: blame, "blame").isEmpty)
        func field(_ path: String) -> JSON? { blame["fields"]?.array?.first { $0["path"]?.string == path } }
        #expect(field("/spec/displayName")?["commit"]?.string == second.text)
        #expect(field("/spec/displayName")?["boundary"] == true)
        #expect(field("/spec/role")?["commit"]?.string == third.text)
        #expect(field("/spec/role")?["boundary"] == nil)
        let text = try await fleet.writ("blame", "user/u")
        #expect(text.stdout.contains(" ^\(second.text.prefix(12)) "), "\(text)")
        #expect(text.stdout.contains(" \(third.text.prefix(12)) "), "\(text)")
        #expect(text.stderr.contains("the history before this commit is not here"), "\(text)")
    }

    @Test("The list of revisions counts what was replaced, beside what was changed")
    func countsReplacements() async throws {
        func provider(_ type: String) -> String {
            "apiVersion: writ/v1\nkind: Provider\nmetadata: {name: p}\nspec: {type: \(type)}\n"
        }
        let fleet = try Fleet(["p.yaml": provider("openai")])
        _ = try await fleet.json("apply")
        try fleet.commit(["p.yaml": provider("ollama")])
        _ = try await fleet.json("apply")
        let lines = try await fleet.writ("history").stdout.split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        }
        #expect(lines.first?.suffix(5) == ["CREATE", "UPDATE", "REPLACE", "RENAME", "DELETE"])
        #expect(lines.dropFirst().first?.suffix(5) == ["0", "0", "1", "0", "0"], "\(lines)")
    }

    @Test("What is not there is said with what is near, and what was deleted with its revision")
    func isGone() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.commit(["triggers/every-minute.yaml": nil])
        _ = try await fleet.json("apply")
        let gone = try await fleet.writ("blame", "trigger/every-minute")
        #expect(gone.status == 1)
        #expect(gone.stderr.contains("was deleted in revision 2"), "\(gone)")
        let near = try await fleet.writ("describe", "agent/greter")
        #expect(near.stderr.contains("did you mean greeter?"), "\(near)")
        #expect(try await fleet.writ("describe", "greeter").stderr.contains("is not KIND/NAME"))
    }
}
