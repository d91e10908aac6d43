import Apply
import Spec
import Testing
import Values

@Suite struct ReachTests {
    private func lines(_ changes: [String: String?], from: [String: String] = ImpactFixture.desk) throws -> [String] {
        var after = from
        for (path, text) in changes { after[path] = text }
        return try ImpactFixture(from, after).impact.reach.lines
    }

    private func edited(_ path: String, _ old: String, _ new: String) throws -> [String: String?] {
        let text = try #require(ImpactFixture.desk[path])
        try #require(text.contains(old))
        return [path: text.replacing(old, with: new)]
    }

    private static let publish = manifest(
        "Tool", "publish",
        "description: Publishes.\neffect: write\nhttp: {method: POST, url: 'https://cms.example.com/{{x}}', "
            + "auth: {bearer: {env: CMS_TOKEN}}}")

    @Test func `a tool given to an agent opens its host and secret to its triggers, those of strangers first`() throws {
        let change = try edited("brief.yaml", "[news]", "[news, publish]")
        let lines = try lines(change.merging(["publish.yaml": Self.publish]) { old, _ in old })
        #expect(
            lines == [
                "Trigger/on-push -> Agent/triage -> Tool/ask-brief -> Agent/brief -> Tool/publish"
                    + " -> host cms.example.com  (takes untrusted input)",
                "Trigger/on-push -> Agent/triage -> Tool/ask-brief -> Agent/brief -> Tool/publish"
                    + " -> environment variable CMS_TOKEN  (takes untrusted input)",
                "Trigger/morning -> Agent/brief -> Tool/publish -> host cms.example.com",
                "Trigger/morning -> Agent/brief -> Tool/publish -> environment variable CMS_TOKEN",
            ])
    }

    @Test func `another host for the same tool is a new way`() throws {
        let lines = try lines(edited("news.yaml", "news.example.com", "evil.example.net"))
        #expect(lines.count == 2)
        #expect(lines.last == "Trigger/morning -> Agent/brief -> Tool/news -> host evil.example.net")
    }

    @Test func `other paths, prompts, times and removals open nothing`() throws {
        #expect(try lines(edited("news.yaml", "com/v1", "com/v2")).isEmpty)
        #expect(try lines(["style.md": "Other."]).isEmpty)
        #expect(try lines(edited("morning.yaml", "0 9", "0 10")).isEmpty)
        #expect(try lines(edited("brief.yaml", "tools: [news]", "tools: []")).isEmpty)
        #expect(try lines(["on-push.yaml": nil]).isEmpty)
        #expect(try lines([:]).isEmpty)
    }

    @Test func `private networks, a channel and a provider's address are ways out`() throws {
        let news = try edited("news.yaml", "/v1'", "/v1', allowPrivateNetworks: true")
        #expect(try lines(news).last?.hasSuffix("Tool/news -> private networks") == true)
        let provider = try edited(
            "openai.yaml", "type: openai", "type: openai\n  baseURL: https://llm.example.net:8443/v1")
        #expect(try lines(provider).last?.hasSuffix("Provider/openai -> host llm.example.net:8443") == true)
        let push = try edited("on-push.yaml", "agent: triage", "agent: triage\n  deliver: [ops]")
        #expect(
            try lines(push) == [
                "Trigger/on-push -> Channel/ops -> host ops.example.com  (takes untrusted input)",
                "Trigger/on-push -> Channel/ops -> environment variable OPS  (takes untrusted input)",
            ])
        let answers = try edited(
            "ops.yaml", "webhook: {url: https://ops.example.com/in, secret: {env: OPS}}",
            "slackResponse: {allowPrivateNetworks: true}")
        #expect(
            try lines(answers) == [
                "Trigger/morning -> Channel/ops -> host hooks.slack.com",
                "Trigger/morning -> Channel/ops -> private networks",
            ])
    }

    @Test func `a schedule that becomes a webhook opens all that it comes to`() throws {
        let lines = try lines(
            edited("morning.yaml", "schedule: {cron: '0 9 * * *'}", "webhook: {source: github, secret: {env: H}}"))
        #expect(lines.contains { $0.contains("Tool/news -> host news.example.com") })
        #expect(lines.allSatisfy { $0.hasSuffix("(takes untrusted input)") })
    }

    private static func listener(_ name: String, _ on: String, _ rest: String = "") -> String {
        manifest("Trigger", name, "agent: brief\non: {\(on)}\(rest)")
    }

    @Test(arguments: ["event: run.succeeded, agent: triage", "event: run.succeeded", "event: run", "event: '*'"])
    func `what listens to the runs of a stranger's agent takes in what strangers write`(on: String) throws {
        let deliver = "\ndeliver: [ops]"
        let lines = try lines(["react.yaml": Self.listener("react", on, deliver)])
        #expect(
            lines.contains(
                "Trigger/on-push -> Agent/triage -> Trigger/react -> Channel/ops -> environment variable OPS"
                    + "  (takes untrusted input)"))
        #expect(lines.contains("Trigger/react -> Channel/ops -> host ops.example.com  (takes untrusted input)"))
    }

    @Test func `what listens to others, or to no runs, does not`() throws {
        for on in ["event: apply.rejected", "event: resource.changed, agent: triage"] {
            let lines = try lines(["react.yaml": Self.listener("react", on, "\ndeliver: [ops]")])
            #expect(!lines.isEmpty)
            #expect(lines.allSatisfy { $0.hasPrefix("Trigger/react ") && !$0.hasSuffix(")") }, "\(lines)")
        }
        // The schedule's own agent is nobody's who writes from outside.
        var before = ImpactFixture.desk
        before["ask.yaml"] = nil
        before["triage.yaml"] = before["triage.yaml"]?.replacing("tools: [ask-brief]", with: "tools: []")
        let own = try lines(["react.yaml": Self.listener("react", "event: run.failed, agent: brief")], from: before)
        #expect(own.allSatisfy { !$0.hasSuffix("(takes untrusted input)") }, "\(own)")
    }

    @Test func `it is handed on from run to run, and opens all once strangers come to the first`() throws {
        var before = ImpactFixture.desk
        before["second.yaml"] = manifest(
            "Agent", "second", "model: {provider: openai, name: small}\nsystemPrompt: Go on.")
        before["one.yaml"] = manifest("Trigger", "one", "agent: second\non: {event: run.succeeded, agent: triage}")
        before["two.yaml"] = manifest(
            "Trigger", "two", "agent: brief\non: {event: run.succeeded, agent: second}\ndeliver: [ops]")
        let push = try #require(before["on-push.yaml"])
        before["on-push.yaml"] = push.replacing(
            "webhook: {source: github, events: [push], secret: {env: HOOK}}", with: "schedule: {cron: '0 9 * * *'}")
        let lines = try lines(["on-push.yaml": push], from: before)
        #expect(
            lines.contains(
                "Trigger/on-push -> Agent/triage -> Trigger/one -> Agent/second -> Trigger/two -> Channel/ops"
                    + " -> host ops.example.com  (takes untrusted input)"))
        // And a tool given to the last agent is open to strangers.
        before["on-push.yaml"] = push
        let brief = try #require(before["brief.yaml"]).replacing("[news]", with: "[news, publish]")
        let given = try self.lines(["brief.yaml": brief, "publish.yaml": Self.publish], from: before)
        let way = "Trigger/two -> Agent/brief -> Tool/publish -> host cms.example.com"
        #expect(given.contains(way + "  (takes untrusted input)"))
    }

    @Test func `ending a suspension opens what lay behind it`() throws {
        var before = ImpactFixture.desk
        before["news.yaml"] = before["news.yaml"]?.replacing("description", with: "suspend: true\n  description")
        let lines = try lines(["news.yaml": ImpactFixture.desk["news.yaml"]], from: before)
        #expect(lines.last == "Trigger/morning -> Agent/brief -> Tool/news -> host news.example.com")
        #expect(try self.lines(["news.yaml": before["news.yaml"]]).isEmpty)
    }

    @Test func `taking an approval away is a new way, asking for one is not`() throws {
        var before = ImpactFixture.desk
        before["brief.yaml"] = before["brief.yaml"]?
            .replacing("[news]", with: "[{name: news, approval: required}]")
        #expect(
            try lines(["brief.yaml": ImpactFixture.desk["brief.yaml"]], from: before).last
                == "Trigger/morning -> Agent/brief -> Tool/news")
        #expect(try lines(["brief.yaml": before["brief.yaml"]]).isEmpty)
    }

    @Test func `the first plan opens everything`() throws {
        let reach = try ImpactFixture([:], ImpactFixture.desk).impact.reach
        #expect(Set(reach.ways.map(\.trigger)) == ["morning", "on-push"])
        #expect(reach.count == reach.ways.count)
    }

    @Test(arguments: [30, 400])
    func `who shows problems at their lines is told of every way, and of how many more there are`(
        triggers: Int
    ) throws {
        var desk = ImpactFixture.desk
        for number in 0..<triggers {
            desk["t\(number).yaml"] = manifest(
                "Trigger", "t\(number)",
                "agent: triage\nwebhook: {source: github, events: [push], secret: {env: HOOK}}")
        }
        let change = try edited("brief.yaml", "[news]", "[news, publish]")
        let after = desk.merging(change.compactMapValues { $0 }) { $1 }.merging(["publish.yaml": Self.publish]) { $1 }
        let reach = try ImpactFixture(desk, after).impact.reach
        // A host and a secret each, and `morning` is no webhook.
        #expect(reach.count == 2 * (triggers + 2))
        let told = reach.diagnostics(isRefused: false)
        let refused = reach.diagnostics(isRefused: true)
        if reach.count <= 500 {
            #expect(told.count == reach.count - 2)
            #expect(refused.count == reach.count)
        } else {
            #expect(told.count == 501 && refused.count == 501)
            #expect(told.last?.message == "this change opens \(reach.count - 500) more ways, which are not listed")
        }
        #expect(told.allSatisfy { $0.severity == .warning } && refused.allSatisfy { $0.severity == .error })
    }

    @Test func `ways are listed in JSON with their nodes`() throws {
        let plan = try ImpactFixture(
            ImpactFixture.desk,
            ImpactFixture.desk(edited("on-push.yaml", "agent: triage", "agent: triage\n  deliver: [ops]"))
        ).plan
        let reach = plan.json["impact"]?["reach"]
        #expect(reach?["count"] == 2)
        #expect(
            reach?["ways"]?[0] == [
                "trigger": "on-push", "untrusted": true,
                "path": [
                    ["kind": "Trigger", "name": "on-push"], ["kind": "Channel", "name": "ops"],
                    ["host": "ops.example.com"],
                ],
            ])
    }

    @Test func `the impact is no part of the digest`() throws {
        let fixture = try ImpactFixture(
            ImpactFixture.desk, ImpactFixture.desk(edited("news.yaml", "news.example.com", "other.example.com")))
        var bare = fixture.plan
        bare.impact = nil
        #expect(bare.digest == fixture.plan.digest)
    }
}
