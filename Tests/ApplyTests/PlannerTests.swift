import Apply
import Spec
import Testing
import Values

@Suite struct PlannerTests {
    /// The plan from one repository to another.
    private func plan(
        _ before: [String: String], _ after: [String: String],
        basis: Plan.Basis = Plan.Basis(revision: 3, commit: "b0"),
        at seconds: Int64 = 0
    ) throws -> Plan {
        ApplyFixture.planner.plan(
            try ApplyFixture.catalog(after), commit: "a1", applied: try ApplyFixture.catalog(before), basis: basis,
            asOf: Instant(seconds: ApplyFixture.start.seconds + seconds))
    }

    @Test func `what is new is created, what differs is updated, what is gone is deleted, the rest stays`() throws {
        let plan = try plan(
            ["a.yaml": user("a"), "b.yaml": user("b"), "d.yaml": user("d")],
            ["a.yaml": user("a"), "b.yaml": user("b", "email: b@example.com"), "c.yaml": user("c")])
        #expect(plan.summary == ["update User/b", "create User/c", "delete User/d"])
        #expect(
            plan.changes.map(\.reason) == [
                "spec.email changed", "not in revision 3", "no longer declared; it stood at d.yaml:1:1",
            ])
        #expect(plan.changes.map(\.place?.path) == ["b.yaml", "c.yaml", "d.yaml"])
        #expect(plan.unchanged == 1)
        #expect(plan.count(.create) == 1 && plan.count(.update) == 1 && plan.count(.delete) == 1)
    }

    @Test func `the first plan says that nothing was applied yet`() throws {
        let plan = ApplyFixture.planner.plan(
            try ApplyFixture.catalog(["a.yaml": user("a")]), commit: nil, applied: Catalog([]), basis: .nothing,
            asOf: ApplyFixture.start)
        #expect(plan.changes.map(\.reason) == ["nothing was applied yet"])
        #expect(plan.basis.revision == 0)
    }

    @Test func `another order of keys, another form and another default change nothing`() throws {
        let plan = try plan(
            ["a.yaml": user("a", "email: a@example.com\ndisplayName: A")],
            ["a.yaml": "# note\n" + user("a", "displayName: 'A'\nemail: \"a@example.com\"\nrole: viewer")])
        #expect(plan.isEmpty)
        #expect(plan.unchanged == 1)
    }

    @Test func `a renamed file is no change but a move (fault C62)`() throws {
        var before: [String: String] = [:]
        var after: [String: String] = [:]
        for number in 0..<100 {
            before["old/\(number).yaml"] = user("u\(number)")
            after["new/\(number).yaml"] = user("u\(number)")
        }
        let plan = try plan(before, after)
        #expect(plan.isEmpty)
        #expect(plan.moves.count == 100)
        #expect(plan.moves.allSatisfy { $0.to.path.hasPrefix("new/") && $0.from.path.hasPrefix("old/") })
        #expect(plan.shifts.isEmpty)
    }

    @Test func `another line of the same file is no change either`() throws {
        let plan = try plan(["a.yaml": user("a")], ["a.yaml": "# note\n" + user("a")])
        #expect(plan.isEmpty && plan.moves.isEmpty)
        #expect(plan.shifts.map(\.place.mark.line) == [2])
    }

    @Test func `fields are compared down to the value that differs`() throws {
        let files = ["openai.yaml": manifest("Provider", "openai", "type: openai")]
        let model = "model: {provider: openai, name: %, temperature: 0.2}\nsystemPrompt: Hi\n"
        let plan = try plan(
            files.merging([
                "a.yaml": manifest(
                    "Agent", "a", model.replacing("%", with: "small") + "limits: {timeout: 1m, maxSteps: 3}")
            ]) { old, _ in old },
            files.merging([
                "a.yaml": manifest(
                    "Agent", "a", model.replacing("%", with: "large") + "limits: {timeout: 60s}\nsuspend: true")
            ]) { old, _ in old })
        let change = try #require(plan.changes.first)
        #expect(
            change.fields.map(\.json) == [
                ["path": "/spec/limits/maxSteps", "before": 3],
                ["path": "/spec/model/name", "before": "small", "after": "large"],
                ["path": "/spec/suspend", "after": true],
            ])
        #expect(change.reason == "spec.limits.maxSteps and 2 more changed")
    }

    @Test func `a list of values changes as a whole, a list of mappings by the names of its items`() throws {
        let head = "agent: brief\nwebhook: {source: github, events: "
        let parts = [
            "p.yaml": manifest("Provider", "openai", "type: openai"),
            "brief.yaml": manifest("Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi"),
        ]
        func files(_ events: String, _ match: String) -> [String: String] {
            parts.merging([
                "t.yaml": manifest("Trigger", "t", head + "\(events), secret: {env: A}}\nmatch: \(match)")
            ]) { old, _ in old }
        }
        let plan = try plan(
            files("[push]", "[{path: a, equals: 1}, {path: b, exists: true}]"),
            files("[push, issues]", "[{path: a, equals: 2}]"))
        let fields = try #require(plan.changes.first?.fields)
        #expect(
            fields.map(\.pointer.text) == [
                "/spec/match/0/equals", "/spec/match/1", "/spec/webhook/events",
            ])
        #expect(
            fields.map(\.label) == ["spec.match[a].equals", "spec.match[b]", "spec.webhook.events"])
        #expect(fields.last?.before == ["push"])
        #expect(fields.last?.after == ["push", "issues"])
    }

    @Test func `the name is above the fields, labels and annotations are among them`() throws {
        let labelled = user("a").replacing("{name: a}", with: "{name: a, labels: {team: x}, annotations: {n: y}}")
        let plan = try plan([:], ["a.yaml": labelled])
        #expect(
            plan.changes.first?.fields.map(\.pointer.text) == ["/metadata/annotations/n", "/metadata/labels/team"])
    }

    @Test func `a changed file is named as the reason`() throws {
        func files(_ text: String) -> [String: String] {
            ["p/a.yaml": manifest("Prompt", "a", "template: {file: ../texts/a.md}"), "texts/a.md": text]
        }
        let plan = try plan(files("One\n"), files("Two\n"))
        #expect(plan.changes.map(\.reason) == ["texts/a.md changed"])
        #expect(plan.changes.first?.fields.map(\.pointer.text) == ["/spec/template/text"])
    }

    @Test func `the values of headers are never in a plan (fault C71)`() throws {
        func files(_ value: String) -> [String: String] {
            ["a.yaml": manifest("Provider", "a", "type: openai\nheaders: {X-Team: \(value), X-Key: {env: \(value)}}")]
        }
        let plan = try plan(files("canaryone"), files("canarytwo"))
        #expect(plan.changes.first?.fields.map(\.isSensitive) == [true, true])
        for text in [plan.json.canonicalText, PlanText.render(plan, color: false)] { #expect(!text.contains("canary")) }
        let creation = try self.plan([:], files("canaryone"))
        for text in [creation.json.canonicalText, PlanText.render(creation, color: false)] {
            #expect(!text.contains("canary"))
        }
    }

    @Test func `the digest is of the changes, not of clock, commit, places or forecasts`() throws {
        let before = ["a.yaml": user("a")]
        let after = ["a.yaml": user("a", "email: a@example.com"), "b.yaml": user("b")]
        let digest = try plan(before, after).digest
        #expect(try plan(before, after, at: 86_400).digest == digest)
        #expect(
            try plan(before, ["x/y.yaml": after["a.yaml"] ?? "", "z.yaml": "# note\n" + user("b")]).digest == digest)
        #expect(try plan(before, after, basis: Plan.Basis(revision: 9, commit: "d0")).digest == digest)
        #expect(try plan(before, ["a.yaml": user("a", "email: z@example.com"), "b.yaml": user("b")]).digest != digest)
        #expect(try plan(["a.yaml": user("a", "email: o@example.com")], after).digest != digest)
        #expect(try plan([:], after).digest != digest)
    }

    @Test func `the same input gives the same bytes`() throws {
        let before = ["a.yaml": user("a"), "b.yaml": user("b")]
        let after = ["a.yaml": user("a", "email: a@example.com"), "c.yaml": user("c")]
        let (one, two) = (try plan(before, after), try plan(before, after))
        #expect(one.json.canonicalBytes == two.json.canonicalBytes)
        #expect(PlanText.render(one, color: true) == PlanText.render(two, color: true))
    }

    @Test func `schedules that are new or changed are forecast, others are not`() throws {
        let parts = [
            "p.yaml": manifest("Provider", "openai", "type: openai"),
            "brief.yaml": manifest("Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi"),
            "same.yaml": manifest("Trigger", "same", "agent: brief\nschedule: {cron: '0 1 * * *'}"),
        ]
        let plan = try plan(
            parts,
            parts.merging([
                "new.yaml": manifest("Trigger", "new", "agent: brief\nschedule: {cron: '30 9 * * *'}"),
                "resting.yaml": manifest(
                    "Trigger", "rest", "agent: brief\nsuspend: true\nschedule: {cron: '0 2 * * *'}"),
            ]) { old, _ in old })
        #expect(plan.forecasts.map(\.trigger) == ["new"])
        #expect(plan.forecasts.map(\.timeZone) == ["UTC"])
        #expect(
            plan.forecasts.first?.times == [
                "2026-01-01T09:30:00+00:00", "2026-01-02T09:30:00+00:00", "2026-01-03T09:30:00+00:00",
            ])
    }

    @Test func `a schedule that fires as before is not forecast, whatever else of it changes`() throws {
        func files(_ trigger: String) -> [String: String] {
            [
                "p.yaml": manifest("Provider", "openai", "type: openai"),
                "brief.yaml": manifest("Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi"),
                "t.yaml": manifest("Trigger", "t", "agent: brief\n\(trigger)"),
            ]
        }
        let daily = "schedule: {cron: '0 1 * * *'}"
        let other = ["description: Later", "priority: 3"]
        for line in other { #expect(try plan(files(daily), files("\(daily)\n\(line)")).forecasts.isEmpty) }
        let formers = [
            "schedule: {cron: '0 2 * * *'}", "schedule: {cron: '0 1 * * *', timeZone: Europe/Berlin}",
            "suspend: true\n\(daily)", "webhook: {source: github, secret: {env: A}}",
        ]
        for former in formers { #expect(try plan(files(former), files(daily)).forecasts.count == 1, "\(former)") }
    }

    @Test func `of many forecasts the text has the first`() throws {
        var files = [
            "p.yaml": manifest("Provider", "openai", "type: openai"),
            "brief.yaml": manifest("Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi"),
        ]
        for number in 0..<13 {
            files["t\(number).yaml"] = manifest(
                "Trigger", "t\(number)", "agent: brief\nschedule: {cron: '0 9 * * *'}")
        }
        let plan = try plan([:], files)
        let text = PlanText.render(plan, color: false)
        #expect(text.split(separator: " fires next ").count == 11, "\(text)")
        #expect(text.contains("\n  and 3 more\n"), "\(text)")
        #expect(plan.json["forecasts"]?.array?.count == 13)
    }
}
