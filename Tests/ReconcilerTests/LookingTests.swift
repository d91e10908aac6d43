import Git
import TestSupport
import Testing
import Values

@Suite("Looking at what is recorded")
struct LookingTests {
    @Test("`get` pages by name, and takes KIND/NAME")
    func pages() async throws {
        let fleet = try Fleet(try Examples.files("research-desk"))
        _ = try await fleet.json("apply")
        let all = try await fleet.names("get", "agents")
        try #require(all.count > 2)
        #expect(all == all.sorted())
        let first = try await fleet.json("get", "agents", "--limit", "2")
        #expect(first["next"]?.string == all[1])
        #expect(try await fleet.names("get", "agents", "--limit", "2", "--before", all[1]).first == all[2])
        let text = try await fleet.writ("get", "agents", "--limit", "2")
        #expect(text.stderr == "\(all.count - 2) more: --before \(all[1])\n", "\(text)")
        #expect(try await fleet.names("get", "agent/\(all[0])") == [all[0]])
        let twice = try await fleet.writ("get", "agent/\(all[0])", all[0])
        #expect(twice.status == 1, "\(twice)")
    }

    @Test("The history counts what was replaced")
    func replaced() async throws {
        func trigger(_ source: String) -> String {
            "apiVersion: writ/v1\nkind: Trigger\nmetadata: {name: t}\nspec: {agent: greeter, \(source)}\n"
        }
        let files = try Examples.files("quickstart")
        let fleet = try Fleet(files.merging(["t.yaml": trigger("schedule: {cron: 0 8 * * *}")]) { $1 })
        _ = try await fleet.json("apply")
        try fleet.commit(["t.yaml": trigger("webhook: {source: github, secret: {env: HOOK}}")])
        #expect(try await fleet.json("apply")["summary"]?["replace"]?.int == 1)
        let lines = try await fleet.writ("history").stdout.split(separator: "\n").map { line in
            line.split(separator: " ").suffix(5).map(String.init)
        }
        #expect(lines.first == ["CREATE", "UPDATE", "REPLACE", "RENAME", "DELETE"])
        #expect(lines.dropFirst().first == ["0", "0", "1", "0", "0"])
    }

    @Test("What this version does not act on is inactive, and a schedule of a suspended agent is suspended")
    func isInactive() async throws {
        let head = "apiVersion: writ/v1\n"
        var files = try Examples.files("quickstart")
        files["more.yaml"] = """
            \(head)kind: Channel
            metadata: {name: chat}
            spec: {slack: {webhookURL: {env: SLACK_WEBHOOK}}}
            ---
            \(head)kind: Provider
            metadata: {name: other}
            spec: {type: anthropic}
            """
        files["agents/greeter.yaml"] = try #require(files["agents/greeter.yaml"])
            .replacing("\nspec:\n", with: "\nspec:\n  suspend: true\n")
        let fleet = try Fleet(files)
        _ = try await fleet.json("apply")
        for subject in ["channel/chat", "provider/other"] {
            let item = try await fleet.json("get", subject)["items"]?[0]
            #expect(item?["status"]?["state"]?.string == "inactive", "\(subject)")
        }
        let schedule = try #require(try await fleet.json("status")["schedules"]?[0])
        #expect(schedule["suspended"]?.bool == true)
        #expect(schedule["nextFireAt"] == nil)
        #expect(try await fleet.writ("status").stdout.contains(" suspended\n"))
    }

    @Test("A commit that `apply` rejects is recorded with its diagnostics and fixes")
    func isRejected() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        let bad = try fleet.edit("agents/greeter.yaml", "systemPrompt:", "systemPromt:")
        let refused = try await fleet.writ("apply")
        #expect(refused.status == 1, "\(refused)")
        let look = try #require(try await fleet.json("status")["lastReconcile"])
        #expect(look["outcome"]?.string == "rejected")
        #expect(look["commit"]?.string == bad.text)
        #expect(look["branch"]?.string == "main")
        #expect(look["diagnostics"]?.array?.isEmpty == false)
        let text = try await fleet.writ("status")
        #expect(text.stdout.contains("fix: did you mean `systemPrompt`?"), "\(text)")
        // Where nothing was ever applied, nothing is made for it.
        let other = try Fleet(["a.yaml": "kind: Agent\n"])
        #expect(try await other.writ("apply").status == 1)
        #expect(!other.repository.directory.exists(".writ"))
    }

    @Test("`validate FILE` tells of that file alone")
    func validatesOneFile() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        try fleet.repository.directory.write("agents/bad.yaml", "kind: Agent\n")
        try fleet.repository.directory.write("notes.txt", "nothing\n")
        let good = try await fleet.writ("validate", "agents/greeter.yaml")
        #expect(good.status == 0, "\(good)")
        #expect(good.stderr == "1 resource in 1 file is valid.\n", "\(good)")
        let bad = try await fleet.writ("validate", "agents/bad.yaml")
        #expect(bad.status == 1, "\(bad)")
        #expect(
            bad.stdout.split(separator: "\n").filter { !$0.hasPrefix(" ") }.allSatisfy {
                $0.hasPrefix("agents/bad.yaml:")
            })
        let other = try await fleet.writ("validate", "notes.txt")
        #expect(other.status == 1, "\(other)")
        #expect(other.stderr.contains("notes.txt is not among the manifests"), "\(other)")
    }

    @Test("`diff` of a commit with itself says that nothing changes between the two")
    func isSame() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let result = try await fleet.writ("diff", "main")
        #expect(result.stdout.hasSuffix("No changes between main and HEAD.\n"), "\(result)")
    }
}

extension Fleet {
    /// The names of the resources in a list.
    fileprivate func names(_ arguments: String...) async throws -> [String] {
        let result = try await writ(arguments + ["-o", "json"])
        return try #require(result.json["items"]?.array, "\(result)").compactMap { $0["metadata"]?["name"]?.string }
    }
}
