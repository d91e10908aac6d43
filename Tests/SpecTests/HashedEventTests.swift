import Spec
import TestSupport
import Testing
import Values

/// Routing of events whose values are hashed: what can be told is told as of the whole event, and nothing is told wrong.
@Suite("Hashed events")
struct HashedEventTests {
    private let hash = ValueHash(salt: "00112233445566778899aabbccddeeff")

    private func catalog(_ match: String, repository: Bool = false) throws -> Catalog {
        let head = "apiVersion: writ/v1\n"
        var files = [
            "a.yaml": """
            \(head)kind: Trigger
            metadata: {name: on-push}
            spec:
              agent: triage
              webhook: {source: github, secret: {env: HOOK}\(repository ? ", repository: site" : "")}
              match: \(match)
            ---
            \(head)kind: Agent
            metadata: {name: triage}
            spec: {model: {provider: p, name: m}, systemPrompt: x}
            ---
            \(head)kind: Provider
            metadata: {name: p}
            spec: {type: openai}
            """
        ]
        if repository {
            files["b.yaml"] =
                "\(head)kind: Repository\nmetadata: {name: site}\nspec: {url: \"https://github.com/Acme/Site\", webhook: {events: [push], secret: {env: HOOK}}}\n"
        }
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(files))
        try #require(loaded.isValid, "\(loaded.diagnostics.map(\.text))")
        return loaded.catalog
    }

    private func facts(_ payload: JSON, at endpoint: EventFacts.Endpoint = .trigger("on-push")) -> EventFacts {
        EventFacts(
            endpoint: endpoint, name: "push", payload: payload, headers: ["x-github-event": "push"],
            receivedAt: Instant(seconds: 1_767_225_600))
    }

    private func decision(_ match: String, _ payload: JSON, keepsPayload: Bool = true) throws -> RoutingDecision {
        let event = HashedEvent(facts(payload), id: "evt_1", hash: hash, keepsPayload: keepsPayload)
        return try #require(Router(try catalog(match)).decisions(for: event).first)
    }

    @Test("Equality, membership and presence are told, of numbers and lists too")
    func isTold() throws {
        let payload: JSON = ["ref": "refs/heads/main", "n": 1.0, "labels": ["a", ["b": true]], "gone": .null]
        for match in [
            "[{path: payload.ref, equals: refs/heads/main}]", "[{path: payload.n, equals: 1}]",
            "[{path: payload.labels, equals: [a, {b: true}]}]", "[{path: payload.ref, in: [x, refs/heads/main]}]",
            "[{path: payload.gone, exists: true}]", "[{path: payload.none, exists: false}]",
            "[{path: headers.x-github-event, equals: push}]", "[{path: event, equals: push}]",
            "[{path: trigger, equals: on-push}]", "[{path: agent, equals: triage}]",
        ] {
            #expect(try decision(match, payload).runs, "\(match)")
        }
        for match in [
            "[{path: payload.ref, equals: refs/heads/next}]", "[{path: payload.n, equals: \"1\"}]",
            "[{path: payload.labels, equals: [a]}]", "[{path: payload.ref, in: [x, y]}]",
            "[{path: payload.none, exists: true}]", "[{path: payload.labels, matches: a}]",
            "[{path: payload.gone, matches: a}]", "[{path: payload.none, matches: a}]",
        ] {
            let decision = try decision(match, payload)
            #expect(!decision.runs && !decision.isUntold, "\(match)")
        }
    }

    @Test("A pattern cannot be told, unless something else fails")
    func isUntold() throws {
        let payload: JSON = ["ref": "refs/heads/main", "n": 1]
        let decision = try decision("[{path: payload.ref, matches: main}]", payload)
        #expect(decision.isUntold && !decision.runs)
        #expect(decision.outcome == .pass(reason: "it cannot be told whether payload.ref matches main"))
        let failing = try self.decision("[{path: payload.ref, matches: main}, {path: payload.n, equals: 2}]", payload)
        #expect(!failing.isUntold && !failing.runs)
        let unknown = try self.decision("[{path: payload.n, equals: 1}]", payload, keepsPayload: false)
        #expect(unknown.isUntold)
    }

    @Test("The repository of a payload is told whatever its case")
    func isOfRepository() throws {
        let router = Router(try catalog("[]", repository: true))
        for (name, runs) in [("acme/SITE", true), ("acme/other", false)] {
            let whole = facts(["repository": ["full_name": .string(name)]], at: .repository("site"))
            let hashed = HashedEvent(whole, id: "evt_1", hash: hash, keepsPayload: true)
            #expect(router.decisions(for: whole).map(\.runs) == [runs])
            #expect(router.decisions(for: hashed).map(\.runs) == [runs])
        }
    }

    @Test("Nothing that is told is told otherwise of the whole event, and no value is in it")
    func isNeverWrong() throws {
        var random = SeededRandom(11)
        let values: [JSON] = ["a", "b", "", 1, 1.5, true, false, .null, ["a"], ["k": "a"], [:], []]
        let conditions = [
            "equals: a", "equals: 1", "equals: [a]", "equals: {k: a}", "in: [a, b, true]", "exists: true",
            "exists: false",
            "matches: a", "matches: ^1", "equals: \"\"",
        ]
        var told = 0
        for _ in 0..<400 {
            func value() -> JSON { values.randomElement(using: &random) ?? .null }
            let payload: JSON = ["x": value(), "y": ["z": value()]]
            let match = (0..<2).map { _ in
                "{path: payload.\(["x", "y", "y.z", "x.k", "w"].randomElement(using: &random) ?? "x"), \(conditions.randomElement(using: &random) ?? "")}"
            }.joined(separator: ", ")
            let router = Router(try catalog("[\(match)]"))
            let whole = facts(payload)
            let hashed = HashedEvent(whole, id: "evt_1", hash: hash, keepsPayload: Bool.random(using: &random))
            let decision = try #require(router.decisions(for: hashed).first)
            guard !decision.isUntold else { continue }
            told += 1
            #expect(decision.runs == router.decisions(for: whole).first?.runs, "\(match) \(payload)")
        }
        #expect(told > 100)
        let hashed = HashedEvent(
            facts(["token": "canary", "list": ["canary"]]), id: "evt_1", hash: hash, keepsPayload: true)
        #expect(!"\(hashed)".contains("canary"))
    }
}
