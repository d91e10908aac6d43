import Foundation
import Outbound
import Runtime
import Spec
import State
import Testing
import Values

@Suite("What the inbox makes of what gets in") struct InboxTests: InboxTesting {
    let desk: InboxDesk

    init() throws { desk = try InboxDesk() }

    @Test func `gives the same answers at the connection, before and after it knows what is in force`() async throws {
        for round in 0...1 {
            let accepted = try await desk.sendAtConnection(#"{"n" : 1}"#, to: "hello", id: "a\(round)")
            #expect(try event(accepted).payload == ["n": 1])
            #expect(try event(accepted).summary.payloadSize == 9)
            let id = try event(accepted).summary.id
            #expect(
                try await desk.sendAtConnection(#"{"n" : 1}"#, to: "hello", id: "a\(round)") == .duplicate(event: id))
            #expect(try await desk.sendAtConnection(#"{"n":2}"#, to: "hello", id: "a\(round)") == .conflict(event: id))
            #expect(try await desk.sendAtConnection("{}", to: "hello", secret: "OLD", id: "b\(round)") == .unauthorized)
            #expect(try await desk.sendAtConnection("{}", to: "nobody", id: "c\(round)") == .unknown)
            #expect(try await desk.sendAtConnection("{}", to: "timed", id: "d\(round)") == .unknown)
            guard case .badRequest = try await desk.sendAtConnection("{", to: "hello", id: "e\(round)") else {
                throw Invalid(description: "a body that is no JSON was taken")
            }
        }
        #expect(try events().count == 2)
        #expect(try fixture.reader.runs().items.count == 2)
    }

    @Test func `who sends to a renamed trigger is heard under its new name`() throws {
        let former = try #require(try fixture.reader.resource(Trigger.id("hello")))
        let renamed = try JSON(
            parsing: former.manifest.canonicalText.replacing("\"name\":\"hello\"", with: "\"name\":\"welcome\""))
        let version = ManifestVersion(manifest: renamed, place: former.place)
        _ = try fixture.store.apply(
            RevisionApplication(
                commit: "c0ffee", planDigest: Digest(of: "plan".utf8), actor: "test", at: fixture.clock.now(),
                changes: [
                    ResourceChange(
                        id: Trigger.id("welcome"), edit: .rename("hello", from: former.digest, to: version))
                ]))
        for trigger in ["hello", "welcome"] {
            let event = try event(try send(to: trigger))
            #expect(event.summary.endpoint == "trigger/welcome")
            let runs = try fixture.runs(RunFilter(event: event.summary.id))
            #expect(runs.map(\.trigger) == ["welcome"])
        }
        #expect(try send(to: "other") == .unknown)
    }

    @Test func `a delivery that came before the rename is a duplicate at both addresses, whatever its body`()
        async throws
    {
        let hook = try event(try send("{}", id: "d-1")).summary.id
        let push = Array("{}".utf8)
        let site = try event(
            try send(push, to: .repository("site"), secret: "SITE", event: "push", id: "guid-1")
        ).summary.id
        try fixture.apply(
            InboxDesk.manifests.replacing(
                "metadata: {name: hello}", with: "metadata: {name: welcome, renamedFrom: hello}"
            )
            .replacing("metadata: {name: site}", with: "metadata: {name: shop, renamedFrom: site}")
            .replacing("repository: site", with: "repository: shop"))
        for trigger in ["hello", "welcome"] {
            #expect(try send("{}", to: trigger, id: "d-1") == .duplicate(event: hook))
            #expect(try send("[]", to: trigger, id: "d-1") == .conflict(event: hook))
        }
        #expect(try await desk.sendAtConnection("{}", to: "welcome", id: "d-1") == .duplicate(event: hook))
        for repository in ["site", "shop"] {
            let endpoint = EventFacts.Endpoint.repository(repository)
            #expect(
                try send(push, to: endpoint, secret: "SITE", event: "push", id: "guid-1") == .duplicate(event: site))
            #expect(
                try send(Array("[]".utf8), to: endpoint, secret: "SITE", event: "push", id: "guid-1")
                    == .conflict(event: site))
        }
        #expect(try events().count == 2)
        // Whoever takes the name begins anew.
        try fixture.apply(
            InboxDesk.manifests.replacing("metadata: {name: site}", with: "metadata: {name: shop}")
                .replacing("repository: site", with: "repository: shop") + "\n---\n"
                + RuntimeFixture.trigger("welcome", "webhook: {source: github, secret: {env: HOOK}}\npriority: 1"))
        let own = try event(try send("{}", to: "hello", id: "d-1")).summary
        #expect(own.endpoint == "trigger/hello")
        #expect(try send("{}", to: "welcome", id: "d-1") == .duplicate(event: hook))
    }

    @Test func `A real pull request is stored whole and starts the run of its trigger`() throws {
        let body = try RuntimeTests.fixture("pull_request.assigned.json")
        let answer = try send(
            body, to: .repository("site"), secret: "SITE", event: "pull_request",
            id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
            headers: [("User-Agent", "GitHub-Hookshot/044aadd"), ("Cookie", "a=b"), ("Authorization", "Basic x")])
        let event = try event(answer)
        #expect(event.summary.name == "pull_request.assigned")
        #expect(event.summary.endpoint == "repository/site")
        #expect(event.payload.value(atPath: "pull_request.number") == 2)
        #expect(event.summary.payloadSize > 15_000)
        #expect(
            event.headers == [
                "content-type": "application/json", "user-agent": "GitHub-Hookshot/044aadd",
                "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "x-github-event": "pull_request",
            ])
        let runs = try fixture.runs()
        #expect(runs.map(\.trigger) == ["triage"])
        #expect(runs.map(\.event) == [event.summary.id])
        #expect(try runs.first?.manifestDigest == fixture.catalogsDigest(of: "brief"))
        #expect(
            event.decisions == [
                [
                    "trigger": "opened", "outcome": "pass",
                    "reason": "event `pull_request.assigned` is not among the trigger's events",
                ],
                ["trigger": "triage", "outcome": "run"],
            ])
    }

    @Test func `A delivery that comes again starts nothing and gets the first one's id (fault F109)`() throws {
        let first = try event(try send(#"{"n": 1}"#, id: "one")).summary.id
        #expect(try send(#"{"n": 1}"#, id: "one") == .duplicate(event: first))
        #expect(try send(#"{"n": 2}"#, id: "one") == .conflict(event: first))
        #expect(try events().count == 1)
        #expect(try fixture.runs().count == 1)
    }

    @Test func `A repeated header of the sender's does not hide an event (fault F108)`() throws {
        let answer = try send(id: "lost", headers: [("X-Slack-Retry-Num", "1")])
        #expect(try event(answer).summary.dedupeKey == "lost")
    }

    @Test func `One id sent a thousand times at once starts one run, and another body under it is told (fault E95)`()
        async throws
    {
        let key = secret("HOOK")
        @Sendable func send(_ text: String) async throws -> InboxAnswer {
            let body = Array(text.utf8)
            let headers = [
                ("X-Signature-256", try HMACSignature.github.sign(body, secret: key)), ("Idempotency-Key", "same"),
            ]
            return await inbox.receiveTogether(endpoint: .trigger("own"), headers: headers, body: body)
        }
        let answers = try await withThrowingTaskGroup(of: [InboxAnswer].self) { group in
            // As many senders as there may be connections at a time, each sending again and again.
            for _ in 0..<100 {
                group.addTask {
                    var answers: [InboxAnswer] = []
                    for _ in 0..<10 { answers.append(try await send(#"{"n": 1}"#)) }
                    return answers
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let first = try events().first
        let id = try #require(first).id
        #expect(answers.count == 1_000)
        #expect(answers.count { $0 == .accepted(event: id) } == 1)
        #expect(answers.count { $0 == .duplicate(event: id) } == 999)
        #expect(try events().count == 1)
        #expect(try fixture.runs().count == 1)
        #expect(try await send(#"{"n": 2}"#) == .conflict(event: id))
        #expect(try events().count == 1)
    }

    @Test func `A ping is answered and runs nothing`() throws {
        let body = try RuntimeTests.fixture("ping.json")
        let answer = try send(body, to: .trigger("hello"), secret: "HOOK", event: "ping")
        #expect(answer == .answered(.json(["ok": true, "message": "pong"])))
        #expect(try events().isEmpty)
        #expect(try send(body, to: .trigger("hello"), secret: nil, event: "ping") == .unauthorized)
    }

    @Test func `A form carries its JSON in a field, and is signed as a form`() throws {
        let body = Array("payload=%7B%22action%22%3A%22opened%22%2C+%22text%22%3A%22a%2Bb%26c%22%7D&other=1".utf8)
        let secret = self.secret("HOOK")
        let answer = inbox.receive(
            endpoint: .trigger("hello"),
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), ("X-GitHub-Event", "issues"),
                ("X-GitHub-Delivery", "d-1"),
                ("X-Hub-Signature-256", try HMACSignature.github.sign(body, secret: secret)),
            ], body: body)
        let event = try event(answer)
        #expect(event.summary.name == "issues.opened")
        #expect(event.payload == ["action": "opened", "text": "a+b&c"])
    }

    @Test func `A delivery that comes again with the other content type is a duplicate`() throws {
        func send(_ type: String, _ id: String, _ body: String) throws -> InboxAnswer {
            let body = Array(body.utf8)
            return inbox.receive(
                endpoint: .trigger("hello"),
                headers: [
                    ("Content-Type", type), ("X-GitHub-Event", "issues"), ("X-GitHub-Delivery", id),
                    ("X-Hub-Signature-256", try HMACSignature.github.sign(body, secret: secret("HOOK"))),
                ], body: body)
        }
        let (form, json) = ("application/x-www-form-urlencoded", "application/json")
        let formBody = "payload=%7B%22a%22%3A1%2C+%22b%22%3A%22c%2Bd%22%7D"
        for (id, types) in [("d-1", [form, json]), ("d-2", [json, form])] {
            var first: String?
            for type in types {
                let answer = try send(type, id, type == form ? formBody : #"{"b":"c+d","a":1}"#)
                guard let known = first else {
                    first = try event(answer).summary.id
                    continue
                }
                #expect(answer == .duplicate(event: known))
            }
            let known = try #require(first)
            #expect(try send(json, id, #"{"a":2}"#) == .conflict(event: known))
            #expect(try send(form, id, "payload=%7B%22a%22%3A2%7D") == .conflict(event: known))
        }
    }

    @Test(
        "What is signed and cannot be read is the sender's to put right (fault F114)",
        arguments: [
            "", "{", #"{"a":1,"a":2}"#, #"{"a":"\ud800"}"#, #"{"a":"\u0000"}"#, "1e400",
            String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
        ])
    func unreadable(body: String) throws {
        guard case .badRequest(let detail) = try send(body) else { throw Invalid(description: body) }
        #expect(detail.contains("line 1"))
        #expect(try events().isEmpty)
    }

    @Test(
        "Whatever stands where GitHub puts an action, nothing traps (fault F113)",
        arguments: ["null", "1", "[]", "{}", "true", #""\#(String(repeating: "x", count: 10_000))""#, #""A b""#])
    func oddAction(value: String) throws {
        let event = try event(try send("{\"action\": \(value), \"repository\": \(value)}", event: "issues"))
        #expect(event.summary.name == "issues")
    }

    @Test func `A signed JSON that is no object is an event, too`() throws {
        for body in ["null", "[]", "1", #""text""#] { _ = try event(try send(body)) }
    }

    @Test func `A generic sender signs with its own header and names its event and id`() throws {
        let body = Array(#"{"n": 1}"#.utf8)
        let secret = self.secret("HOOK")
        let headers = [
            ("X-Signature-256", try HMACSignature.github.sign(body, secret: secret)), ("X-Event", "order.paid"),
            ("Idempotency-Key", "key-1"),
        ]
        let event = try event(inbox.receive(endpoint: .trigger("own"), headers: headers, body: body))
        #expect(event.summary.name == "order.paid")
        #expect(event.summary.dedupeKey == "key-1")
        #expect(event.headers["x-signature-256"] == nil)
        #expect(inbox.receive(endpoint: .trigger("own"), headers: [], body: body) == .unauthorized)
    }

    @Test func `Headers are kept within bounds`() throws {
        let many = (0..<500).map { ("X-Header-\($0)", String(repeating: "x", count: 100)) }
        let event = try event(
            try send(headers: [("X-Long", String(repeating: "x", count: 5_000)), ("X-Gitlab-Token", "t")] + many))
        let kept = try #require(event.headers.object)
        #expect(kept.count == 64)
        #expect(kept["x-long"] == nil && kept["x-gitlab-token"] == nil)
        #expect(kept["x-header-0"] != nil)
    }

    @Test func `An event for a suspended agent is kept, and its run says why it was skipped`() throws {
        try fixture.apply(
            InboxDesk.manifests.replacingOccurrences(
                of: "systemPrompt: Be brief.", with: "systemPrompt: Hm.\n  suspend: true"))
        _ = try event(try send())
        let run = try #require(try fixture.runs().first)
        #expect(run.state == .skipped && run.reason == "agent brief is suspended")
    }

    @Test func `Every event of a burst is stored and runs once (fault F119)`() async throws {
        let answers = try await withThrowingTaskGroup(of: InboxAnswer.self) { group in
            for number in 0..<300 { group.addTask { try self.send("[\(number)]", id: "id-\(number % 200)") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 300)
        #expect(try fixture.runs().count == 200)
        #expect(fixture.metrics.snapshot.eventsAccepted == 200)
    }

    @Test func `When the state takes nothing, the sender is told to come again (fault F118)`() throws {
        try fixture.store.close()
        guard case .unavailable = try send() else { throw Invalid(description: "acknowledged") }
        #expect(fixture.metrics.snapshot.eventsAccepted == 0)
    }
}

extension RuntimeFixture {
    fileprivate func catalogsDigest(of agent: String) throws -> Digest? {
        try catalogs.current()?.catalog[Agent.id(agent)]?.digest
    }
}
