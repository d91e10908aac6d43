import Git
import TestSupport
import Testing
import Values

@Suite("Describing resources")
struct DescribeTests {
    private func condition(_ object: JSON, _ type: String) -> JSON? {
        object["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    @Test("References both ways, next firings, runs and changes")
    func isWhole() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        _ = try await fleet.json("run", "greeter", "--input", "hello")
        let agent = try await fleet.json("describe", "agent/greeter")
        #expect(try MachineFormat.violations(of: agent, "describe").isEmpty)
        #expect(agent["uses"]?.array?.compactMap { $0["name"]?.string } == ["replay"])
        #expect(
            Set(agent["usedBy"]?.array?.compactMap { $0["name"]?.string } ?? []) == [
                "every-minute", "greet-pull-request",
            ])
        #expect(agent["recentRuns"]?.array?.count == 1)
        #expect(agent["recentChanges"]?[0]?["action"] == "create")
        #expect(condition(agent, "Ready")?["status"] == "True")
        #expect(condition(agent, "Ready")?["observedGeneration"]?.int == 1)
        let trigger = try await fleet.json("describe", "trigger/every-minute")
        #expect(trigger["nextFires"]?.array?.count == 5)
        let text = try await fleet.writ("describe", "trigger/every-minute")
        for part in ["Conditions:", "Uses:", "Agent/greeter", "Fires next:", "Recent changes:", "cron: \"* * * * *\""] {
            #expect(text.stdout.contains(part), "\(part): \(text)")
        }
    }

    @Test("Conditions say what is suspended, since when, and what that does to others")
    func isSuspended() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        try fleet.edit("agents/greeter.yaml", "\nspec:\n", "\nspec:\n  suspend: true\n")
        _ = try await fleet.json("apply")
        let since = try #require(try await fleet.json("history", "2")["createdAt"]?.string)
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")
        let agent = try #require(try await fleet.json("get", "agent/greeter")["items"]?[0])
        let suspended = try #require(condition(agent, "Suspended"))
        #expect(suspended["status"] == "True")
        // Another change of the same agent does not begin it anew.
        #expect(suspended["lastTransitionTime"]?.string == since)
        #expect(suspended["observedGeneration"]?.int == 3)
        #expect(condition(agent, "Ready")?["reason"] == "Suspended")
        let trigger = try #require(try await fleet.json("get", "trigger/every-minute")["items"]?[0])
        #expect(condition(trigger, "Ready")?["reason"] == "TargetSuspended")
        #expect(condition(trigger, "Suspended")?["status"] == "False")
        try fleet.edit("agents/greeter.yaml", "  suspend: true\n", "")
        _ = try await fleet.json("apply")
        let free = try #require(try await fleet.json("get", "agent/greeter")["items"]?[0])
        #expect(condition(free, "Suspended")?["status"] == "False")
        #expect(condition(free, "Ready")?["status"] == "True")
    }

    @Test("After a rejected commit what is in force is stale, with the reason at the resource's own file")
    func isStale() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        _ = try await fleet.json("apply")
        #expect(condition(try await fleet.json("describe", "agent/greeter"), "Stale")?["status"] == "False")
        try fleet.edit("agents/greeter.yaml", "systemPrompt:", "systemPromt:")
        #expect(try await fleet.writ("apply").status == 1)
        let own = try #require(condition(try await fleet.json("describe", "agent/greeter"), "Stale"))
        #expect(own["status"] == "True")
        #expect(own["reason"] == "ManifestNotValid")
        #expect(own["message"]?.string?.hasPrefix("agents/greeter.yaml of commit ") == true)
        let other = try #require(condition(try await fleet.json("describe", "trigger/every-minute"), "Stale"))
        #expect(other["reason"] == "CommitRejected")
        let head = try fleet.repository.repository.resolve("HEAD").shortText
        #expect(other["message"]?.string == "commit \(head) is not valid: 2 errors")
        let status = try await fleet.writ("status").stdout
        let look = try #require(status.split(separator: "\n").first { $0.hasPrefix("Reconcile") })
        #expect(look.split(separator: head).count == 2, "\(look)")
        #expect(look.hasSuffix(": commit \(head) is not valid: 2 errors"), "\(look)")
        #expect(try MachineFormat.violations(of: try await fleet.json("get", "agents"), "list").isEmpty)
    }

    @Test("What says itself which commit is not applied is not told after the commit's name")
    func isRejectedOnce() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let first = try fleet.repository.repository.resolve("HEAD")
        try fleet.edit("agents/greeter.yaml", "maxSteps: 2", "maxSteps: 3")
        _ = try await fleet.json("apply")
        try fleet.repository.branch("main", at: first)
        #expect(try await fleet.writ("apply").status == 1)
        let stale = try #require(condition(try await fleet.json("describe", "agent/greeter"), "Stale"))
        let start = "commit \(first.shortText) does not descend from the applied commit"
        #expect(stale["message"]?.string?.hasPrefix(start) == true, "\(stale)")
        let status = try await fleet.writ("status").stdout
        let look = try #require(status.split(separator: "\n").first { $0.hasPrefix("Reconcile") })
        #expect(look.contains(": \(start)") && look.split(separator: first.shortText).count == 3, "\(look)")
    }
}
