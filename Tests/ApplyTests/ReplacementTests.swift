import Apply
import Spec
import State
import Testing
import Values

@Suite struct ReplacementTests {
    private func change(_ before: String, _ after: String) throws -> PlannedChange {
        let fixture = try ApplyFixture()
        let agent = [
            "p.yaml": manifest("Provider", "p", "type: ollama"),
            "a.yaml": manifest("Agent", "a", "model: {provider: p, name: m}\nsystemPrompt: Hi"),
        ]
        try fixture.apply(agent.merging(["x.yaml": before]) { $1 })
        let plan = try fixture.plan(agent.merging(["x.yaml": after]) { $1 })
        #expect(plan.changes.count == 1)
        return try #require(plan.changes.first)
    }

    private func trigger(_ spec: String) -> String { manifest("Trigger", "t", "agent: a\n\(spec)") }

    @Test func `a trigger that listens to something else is another one under the same name`() throws {
        let replaced = try change(
            trigger("schedule: {cron: \"0 7 * * *\"}"), trigger("webhook: {source: github, secret: {env: HOOK}}"))
        #expect(replaced.action == .replace)
        #expect(replaced.reason == "spec.schedule makes it another thing under the same name")
        #expect(
            try change(trigger("schedule: {cron: \"0 7 * * *\"}"), trigger("schedule: {cron: \"0 8 * * *\"}")).action
                == .update)
    }

    @Test func `a provider of another type and a repository at another address are replaced`() throws {
        let provider = try change(
            manifest("Provider", "x", "type: ollama"), manifest("Provider", "x", "type: openai\napiKey: {env: KEY}"))
        #expect(provider.action == .replace)
        let repository = try change(
            manifest("Repository", "x", "url: https://github.com/a/b"),
            manifest("Repository", "x", "url: https://github.com/a/c"))
        #expect(repository.action == .replace)
        #expect(repository.reason == "spec.url makes it another thing under the same name")
    }

    @Test func `a replacement is applied, counted and shown as what it is`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(["x.yaml": manifest("Provider", "x", "type: ollama")])
        let plan = try fixture.plan(["x.yaml": manifest("Provider", "x", "type: openai\napiKey: {env: KEY}")])
        #expect(plan.json["summary"]?["replace"]?.int == 1)
        #expect(PlanText.render(plan, color: false).contains("-/+ Provider/x"))
        #expect(PlanText.summary(plan) == "Plan: 0 to create, 0 to update, 1 to replace, 0 to delete; 0 unchanged.")
        #expect(try fixture.apply(plan).revision == 2)
        #expect(try fixture.store.reader.resource(Provider.id("x"))?.manifest["spec"]?["type"]?.string == "openai")
    }

    @Test func `what stands in another file is named with both`() throws {
        let fixture = try ApplyFixture()
        try fixture.apply(["old/u.yaml": user("u")])
        let plan = try fixture.plan(["new/u.yaml": user("u")])
        #expect(plan.isEmpty)
        #expect(
            plan.json["moves"] == [
                ["kind": "User", "name": "u", "from": "old/u.yaml", "path": "new/u.yaml", "line": 1]
            ])
        #expect(PlanText.render(plan, color: false).contains("  > User/u  old/u.yaml -> new/u.yaml"))
    }
}
