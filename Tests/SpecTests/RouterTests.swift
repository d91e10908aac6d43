import Spec
import Testing
import Values

@Suite struct RouterTests {
    private func router(_ triggers: String) throws -> Router {
        Router(try load(Parts.agents + Parts.tool + Parts.repository + triggers))
    }

    private func event(
        _ name: String, at endpoint: EventFacts.Endpoint = .trigger("t"), _ payload: JSON = [:],
        headers: [String: String] = [:]
    ) -> EventFacts {
        EventFacts(
            endpoint: endpoint, name: name, payload: payload, headers: headers,
            receivedAt: Instant(seconds: 1_767_225_600))
    }

    /// The outcome for trigger `t`: nil when it runs, else the reason.
    private func reason(_ facts: EventFacts, _ router: Router) -> String? {
        guard let decision = router.decisions(for: facts).first else { return "not heard" }
        if case .pass(let reason) = decision.outcome { return reason }
        return nil
    }

    @Test(arguments: [
        ("[pull_request.opened]", "pull_request.opened", true), ("[pull_request.opened]", "pull_request.closed", false),
        ("[pull_request]", "pull_request.opened", true), ("[pull_request]", "pull_request", true),
        ("[pull_request]", "pull_request_review.submitted", false), ("['*']", "push", true),
        ("['*']", "issues.opened", true), ("['*.opened']", "issues.opened", true), ("['*.opened']", "push", false),
        ("['*.opened']", "issues.closed", false), ("[push, issues]", "issues.closed", true),
        ("[pull_request.opened]", "pull_request", false),
    ]) func `a trigger hears the events that it names`(events: String, name: String, runs: Bool) throws {
        let router = try router(
            "=== t.yaml: Trigger t ===\nagent: brief\n"
                + "webhook: {source: github, events: \(events), secret: {env: A}}")
        let reason = reason(event(name), router)
        #expect(reason == (runs ? nil : "event `\(name)` is not among the trigger's events"))
    }

    @Test func `without events, all of them count, but a ping of GitHub runs nothing`() throws {
        let router = try router(
            """
            === t.yaml: Trigger t ===
            agent: brief
            webhook: {source: github, secret: {env: A}}
            === u.yaml: Trigger u ===
            agent: brief
            webhook: {source: generic, secret: {env: A}}
            """)
        #expect(reason(event("issues.opened"), router) == nil)
        #expect(reason(event("ping"), router) == "a ping runs nothing")
        #expect(reason(event("ping", at: .trigger("u")), router) == nil)
        #expect(router.decisions(for: event("push", at: .trigger("nobody"))).isEmpty)
    }

    @Test func `what GitHub signs does not reach a trigger of another source`() throws {
        let manifest: JSON = [
            "apiVersion": "writ/v1", "kind": "Trigger", "metadata": ["name": "g"],
            "spec": [
                "agent": "brief",
                "webhook": ["source": "generic", "repository": "website", "secret": ["env": "A"]],
            ],
        ]
        // As an earlier version may have recorded it.
        let recorded = Resource(
            id: Trigger.id("g"), manifest: manifest, digest: Digest(of: manifest),
            place: Place(path: "g.yaml", mark: Mark(line: 1, column: 1)))
        #expect(recorded.spec(as: Trigger.self) != nil)
        let router = Router(Catalog([recorded]))
        #expect(router.decisions(for: event("push", at: .repository("website"))).isEmpty)
    }

    @Test func `a suspended trigger runs nothing, and says so`() throws {
        let router = try router(
            "=== t.yaml: Trigger t ===\nsuspend: true\nagent: brief\nschedule: {cron: '* * * * *'}")
        #expect(reason(event("schedule"), router) == "the trigger is suspended")
    }

    @Test func `a repository's events reach its triggers alone, in order of their names`() throws {
        let router = try router(
            """
            === z.yaml: Trigger z ===
            agent: brief
            webhook: {source: github, repository: website, secret: {env: A}}
            === b.yaml: Trigger b ===
            tool: search
            webhook: {source: github, repository: website, events: [push], secret: {env: A}}
            === c.yaml: Trigger c ===
            agent: brief
            webhook: {source: github, secret: {env: A}}
            """)
        let payload: JSON = ["repository": ["full_name": "Example/Website"]]
        let decisions = router.decisions(for: event("issues.opened", at: .repository("website"), payload))
        #expect(decisions.map(\.trigger) == ["b", "z"])
        #expect(decisions.map(\.runs) == [false, true])
        #expect(router.decisions(for: event("push", at: .repository("other"), payload)).isEmpty)
    }

    @Test(
        arguments: [
            (["repository": ["full_name": "example/website"]], true),
            (["repository": ["full_name": "EXAMPLE/Website"]], true),
            (["repository": ["full_name": "evil/website"]], false), (["repository": ["full_name": 1]], false),
            ([:], false),
            (["repository": "example/website"], false),
        ] as [(JSON, Bool)])
    func `an event must be of the trigger's repository, by the payload's full name`(payload: JSON, runs: Bool) throws {
        let router = try router(
            "=== t.yaml: Trigger t ===\nagent: brief\n"
                + "webhook: {source: github, repository: website, secret: {env: A}}")
        let reason = reason(event("push", payload), router)
        #expect(reason == (runs ? nil : "the event is not of repository example/website"))
    }

    @Test(arguments: [
        ("{path: payload.action, equals: opened}", true), ("{path: payload.action, equals: Opened}", false),
        ("{path: payload.number, equals: 7}", true), ("{path: payload.number, equals: 7.0}", true),
        ("{path: payload.number, equals: '7'}", false), ("{path: payload.draft, equals: false}", true),
        ("{path: payload.draft, equals: 'false'}", false), ("{path: payload.milestone, equals: null}", true),
        ("{path: payload.nothing, equals: null}", false), ("{path: payload.user, equals: {login: ada}}", true),
        ("{path: payload.labels, equals: [bug, urgent]}", true),
        ("{path: payload.labels, equals: [urgent, bug]}", false),
        ("{path: payload.labels.1, equals: urgent}", true), ("{path: payload.labels.2, exists: true}", false),
        ("{path: payload.action, in: [closed, opened]}", true), ("{path: payload.action, in: []}", false),
        ("{path: payload.number, in: ['7', 8]}", false), ("{path: payload.number, in: [7]}", true),
        ("{path: payload.title, matches: '^Fix'}", true), ("{path: payload.title, matches: '^fix'}", false),
        ("{path: payload.title, matches: '(?i)^fix'}", true), ("{path: payload.number, matches: '^7$'}", true),
        ("{path: payload.draft, matches: '^false$'}", true), ("{path: payload.milestone, matches: ''}", false),
        ("{path: payload.user, matches: ada}", false), ("{path: payload.milestone, exists: true}", true),
        ("{path: payload.nothing, exists: false}", true), ("{path: payload.action.more, exists: true}", false),
        ("{path: headers.x-github-event, equals: pull_request}", true),
        ("{path: event, equals: pull_request.opened}", true),
        ("{path: trigger, equals: t}", true), ("{path: agent, equals: brief}", true),
        ("{path: receivedAt, matches: '^2026-01-01T00:00:00'}", true), ("{path: scheduledAt, exists: false}", true),
    ]) func `a condition looks at the event by path and type`(condition: String, holds: Bool) throws {
        let router = try router(
            "=== t.yaml: Trigger t ===\nagent: brief\nwebhook: {source: github, secret: {env: A}}\nmatch: [\(condition)]"
        )
        let payload: JSON = [
            "action": "opened", "number": 7, "draft": false, "milestone": .null, "user": ["login": "ada"],
            "labels": ["bug", "urgent"], "title": "Fix the door",
        ]
        let facts = event("pull_request.opened", payload, headers: ["x-github-event": "pull_request"])
        #expect((reason(facts, router) == nil) == holds)
    }

    @Test func `all conditions must hold, and the first that does not is the reason`() throws {
        let router = try router(
            """
            === t.yaml: Trigger t ===
            agent: brief
            webhook: {source: github, secret: {env: A}}
            match:
              - {path: payload.action, equals: opened}
              - {path: payload.n, in: [1, two]}
              - {path: payload.gone, exists: false}
            """)
        let start = "condition does not hold: "
        #expect(reason(event("push", ["action": "opened", "n": "two"]), router) == nil)
        #expect(reason(event("push", ["action": "shut"]), router) == start + #"payload.action equals "opened""#)
        #expect(reason(event("push", ["action": "opened"]), router) == start + #"payload.n in [1,"two"]"#)
        #expect(
            reason(event("push", ["action": "opened", "n": 1, "gone": 0]), router)
                == start + "payload.gone does not exist")
    }

    @Test func `an event's name cannot write to a log`() throws {
        let router = try router(
            "=== t.yaml: Trigger t ===\nagent: brief\nwebhook: {source: generic, events: [a], secret: {env: A}}")
        #expect(reason(event("\u{1B}[31m"), router) == "event `\\u{1b}[31m` is not among the trigger's events")
    }

    @Test func `a pattern that would search for ever does not hold`() throws {
        let router = try router(
            "=== t.yaml: Trigger t ===\nagent: brief\nwebhook: {source: generic, secret: {env: A}}\n"
                + "match: [{path: payload, matches: '^(a+)+$'}]")
        #expect(reason(event("x", .string(String(repeating: "a", count: 5_000) + "!")), router) != nil)
    }

    @Test func `a pattern that is none is refused`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook: {source: github, secret: {env: A}}
                match: [{path: payload, matches: «1»'(open'}]
                === expected ===
                1: error bad-value
                """)
    }
}
