import Apply
import Spec
import Testing
import Values

/// Lists, as the plan shows them.
@Suite struct ListDifferenceTests {
    private func fields(tools before: String, _ after: String) throws -> [FieldChange] {
        func files(_ tools: String) -> [String: String] {
            let tool = "description: A.\nhttp: {url: https://example.com}"
            return [
                "p.yaml": manifest("Provider", "openai", "type: openai"),
                "a.yaml": manifest("Tool", "news", tool), "b.yaml": manifest("Tool", "publish", tool),
                "c.yaml": manifest("Tool", "search", tool),
                "brief.yaml": manifest(
                    "Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi\ntools: \(tools)"),
            ]
        }
        let plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(files(after)), commit: nil, applied: try ApplyFixture.catalog(files(before)),
            basis: .nothing, asOf: ApplyFixture.start)
        return try #require(plan.changes.first).fields
    }

    private func lines(tools before: String, _ after: String) throws -> [String] {
        func files(_ tools: String) -> [String: String] {
            let users = ["ada", "bob", "cyd", "dan"].map { ("\($0).yaml", user($0)) }
            return Dictionary(uniqueKeysWithValues: users + [("team.yaml", manifest("Team", "t", "members: \(tools)"))])
        }
        let plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(files(after)), commit: nil, applied: try ApplyFixture.catalog(files(before)),
            basis: .nothing, asOf: ApplyFixture.start)
        return PlanText.render(plan, color: false).split(separator: "\n").map { String($0.drop { $0 == " " }) }
            .filter { $0.contains("spec.members") && !$0.contains("#") }
    }

    @Test func `what is recorded of fields is their canonical JSON`() throws {
        let lists = [
            try fields(tools: "[publish]", "[search, {name: publish, approval: none}]"),
            try fields(tools: "[publish, search]", "[search, publish]"), [],
        ]
        for fields in lists {
            #expect(FieldChange.text(of: fields) == JSON.array(fields.map(\.json)).canonicalText)
        }
        let tool = "description: \"A \\\"b\\\".\"\nhttp: {url: https://example.com, headers: {X-A: b}}"
        let created = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(["t.yaml": manifest("Tool", "t", tool)]), commit: nil, applied: Catalog([]),
            basis: .nothing, asOf: ApplyFixture.start)
        let fields = try #require(created.changes.first).fields
        let hides = fields.contains { $0.isSensitive }
        #expect(hides)
        #expect(FieldChange.text(of: fields) == JSON.array(fields.map(\.json)).canonicalText)
    }

    @Test func `an item that comes or goes before another changes nothing of the other`() throws {
        let added = try fields(tools: "[{name: publish, approval: none}]", "[search, {name: publish, approval: none}]")
        #expect(added.map(\.label) == ["spec.tools[search]"])
        #expect(added.map(\.pointer.text) == ["/spec/tools/0"])
        #expect(added.first?.after == "search")
        let removed = try fields(tools: "[news, {name: publish, approval: none}]", "[{name: publish, approval: none}]")
        #expect(removed.map(\.label) == ["spec.tools[news]"])
        #expect(removed.first?.before == "news")
        #expect(removed.first?.after == nil)
    }

    @Test func `a tool that gets more than its name changes by what it gets`() throws {
        let fields = try fields(tools: "[news, publish]", "[{name: publish, approval: none}, news]")
        #expect(fields.map(\.label) == ["spec.tools (order)", "spec.tools[publish].approval"])
        #expect(fields.first?.before == ["news", "publish"])
        #expect(fields.first?.after == ["publish", "news"])
        #expect(fields.last?.before == nil)
        #expect(fields.last?.after == "none")
    }

    @Test func `a list of values says what came and what went`() throws {
        #expect(try lines(tools: "[ada, bob]", "[ada, bob, cyd]") == [#"~ spec.members = added "cyd""#])
        #expect(try lines(tools: "[ada, bob]", "[bob]") == [#"~ spec.members = removed "ada""#])
        #expect(
            try lines(tools: "[ada, bob]", "[cyd, bob]") == [#"~ spec.members = added "cyd"; removed "ada""#])
    }

    @Test func `another order, and a list with nothing in common, are shown as they were and are`() throws {
        #expect(try lines(tools: "[ada, bob]", "[bob, ada]") == [#"~ spec.members = ["ada","bob"] -> ["bob","ada"]"#])
        #expect(try lines(tools: "[ada, bob]", "[cyd]") == [#"~ spec.members = ["ada","bob"] -> ["cyd"]"#])
    }
}
