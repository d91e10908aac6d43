@testable import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(1))) struct ReactionTests {
    private func trigger(_ name: String, _ event: String, _ more: String = "") -> String {
        RuntimeFixture.trigger(name, agent: "other", "on: {event: \(event)}\n\(more)")
    }

    private func reactions(_ fixture: RuntimeFixture) -> Reactions {
        Reactions(store: fixture.store, catalogs: fixture.catalogs, clock: fixture.clock, logger: fixture.logger)
    }

    private func settled(_ fixture: RuntimeFixture) async throws {
        try await running(reactions(fixture)) { _ in
            try await waitUntil("everything is heard of") {
                try fixture.reader.happenings(limit: 1, changes: 1).isEmpty
            }
        }
    }

    /// Ends a run of an agent by hand; gives its id.
    @discardableResult
    private func end(_ fixture: RuntimeFixture, _ end: RunOutcome.End, agent: String = "brief") throws -> String {
        let now = fixture.clock.now()
        let claimed = try fixture.store.start(
            NewRun(target: .agent(agent), revision: 1, notBefore: now), owner: "w", leaseFor: .seconds(60), now: now)
        try fixture.store.complete(
            claimed.lease, RunOutcome(end, output: "said", error: end == .failed ? "no" : nil), at: now)
        return claimed.run.id
    }

    private func queued(_ fixture: RuntimeFixture) throws -> [String] {
        try fixture.runs(.queued).map { $0.trigger ?? "" }
    }

    @Test func `A failed run starts what listens to it, once, also after a restart`() async throws {
        let first = try RuntimeFixture(
            RuntimeFixture.manifests(
                agents: ["brief", "other"], trigger("alarm", "run.failed"), trigger("all", "run"),
                RuntimeFixture.trigger("elsewhere", agent: "other", "on: {event: run.failed, agent: other}")))
        let id = try end(first, .failed)
        try end(first, .succeeded)
        // What happened while nobody listened is heard of at the next start.
        let fixture = try RuntimeFixture(restarting: first, now: .at("00:01:00"))
        try await settled(fixture)
        try await settled(fixture)
        #expect(try queued(fixture) == ["alarm", "all", "all"])
        let run = try #require(try fixture.runs(.queued).first)
        let event = try #require(try run.event.flatMap { try fixture.reader.event($0) })
        #expect(event.summary.name == "run.failed")
        #expect(event.payload["run"]?.string == id)
        #expect(event.payload["error"]?.string == "no")
        #expect(event.payload["agent"]?.string == "brief")
    }

    @Test func `A run that goes on before anybody heard of its end is told of as it ended`() async throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(agents: ["brief", "other"], trigger("all", "run")))
        func told() throws -> [String] {
            try fixture.reader.events().items.reversed().map { summary in
                let payload = try fixture.reader.event(summary.id)?.payload
                return "\(summary.name) \(payload?["attempt"]?.int ?? 0) \(payload?["error"]?.string ?? "-")"
            }
        }
        let id = try end(fixture, .failed)
        let discarded = try end(fixture, .failed)
        func operate(_ operation: RunOperation, _ id: String) throws {
            try fixture.store.perform(operation, on: id, repeatingEffects: false, actor: "ada", at: fixture.clock.now())
        }
        try operate(.retry, id)
        try operate(.discard, discarded)
        try await settled(fixture)
        #expect(try told() == ["run.failed 1 no", "run.failed 1 no", "run.discarded 1 no"])
        // The second end is another event.
        let claimed = try #require(
            try fixture.store.claim(
                now: fixture.clock.now(), owner: "w", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 9 }
            ).first)
        #expect(claimed.run.id == id)
        try fixture.store.complete(claimed.lease, RunOutcome(.succeeded), at: fixture.clock.now())
        try await settled(fixture)
        #expect(try told().last == "run.succeeded 2 -")
    }

    @Test func `The end of a run that began under a former name is told by the name of now`() async throws {
        func manifests(_ agent: String, _ name: String) -> String {
            RuntimeFixture.manifests(
                agents: [agent, "other"],
                RuntimeFixture.trigger("on-slow", agent: "other", "on: {event: run.succeeded, agent: \(name)}"),
                trigger("by-name", "run.succeeded", "match: [{path: payload.agent, equals: \(name)}]"))
        }
        let fixture = try RuntimeFixture(manifests("slow", "slow"))
        try await settled(fixture)
        let now = fixture.clock.now()
        let claimed = try fixture.store.start(
            NewRun(target: .agent("slow"), revision: 1, notBefore: now), owner: "w", leaseFor: .seconds(60), now: now)
        try fixture.apply(manifests("swift, renamedFrom: slow", "swift"))
        try fixture.store.complete(claimed.lease, RunOutcome(.succeeded), at: now)
        try await settled(fixture)
        #expect(try queued(fixture) == ["by-name", "on-slow"])
        #expect(try fixture.reader.events().items.first?.name == "run.succeeded")
    }

    @Test func `Conditions and suspension count, and what nobody listens to is no event`() async throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                agents: ["brief", "other"],
                trigger("matching", "run.succeeded", "match: [{path: payload.output, equals: said}]"),
                trigger("other-words", "run.succeeded", "match: [{path: payload.output, equals: else}]"),
                trigger("resting", "run.succeeded", "suspend: true")))
        try end(fixture, .succeeded)
        try end(fixture, .failed)
        try await settled(fixture)
        #expect(try queued(fixture) == ["matching"])
        #expect(try fixture.reader.events().items.map(\.name) == ["run.succeeded"])
    }

    @Test func `Applied revisions, changed resources and refused commits are heard of`() async throws {
        let manifests = RuntimeFixture.manifests(
            agents: ["brief", "other"], trigger("applied", "apply.applied"), trigger("refused", "apply.rejected"),
            trigger("changed", "resource.changed", "match: [{path: payload.kind, equals: User}]"))
        let fixture = try RuntimeFixture(manifests)
        try await settled(fixture)
        #expect(try queued(fixture) == ["applied"])
        try fixture.apply(manifests + "\n---\napiVersion: writ/v1\nkind: User\nmetadata: {name: ada}\nspec: {}\n")
        try fixture.store.record(
            Observation(
                commit: "bad", branch: "main", at: fixture.clock.now(), outcome: .rejected, revision: 2,
                message: "not valid"))
        try await settled(fixture)
        #expect(try queued(fixture).sorted() == ["applied", "applied", "changed", "refused"])
        let event = try #require(try fixture.reader.events(Page(), EventFilter(name: "resource.changed")).items.first)
        #expect(try fixture.reader.event(event.id)?.payload["name"]?.string == "ada")
        let refused = try #require(try fixture.reader.events(Page(), EventFilter(name: "apply.rejected")).items.first)
        #expect(try fixture.reader.event(refused.id)?.payload["message"] == "commit bad was rejected: not valid")
    }

    @Test(
        "A refused or unreadable commit is heard of at once, while nothing else happens",
        arguments: [
            Observation.Outcome.rejected, .unreadable,
        ])
    func refusedWhileIdle(outcome: Observation.Outcome) async throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(agents: ["brief", "other"], trigger("alarm", "apply.\(outcome.rawValue)")))
        try await running(reactions(fixture)) { _ in
            try await waitUntil("what was applied is heard of") {
                try fixture.reader.happenings(limit: 1, changes: 1).isEmpty
            }
            try fixture.store.record(
                Observation(
                    commit: "bad", branch: "main", at: fixture.clock.now(), outcome: outcome, revision: 1,
                    message: "not valid"))
            try await waitUntil("the reaction", timeout: .seconds(10)) { try queued(fixture) == ["alarm"] }
        }
    }

    @Test func `A chain of reactions ends, and a trigger reacts no more than sixty times a minute`() async throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(agents: ["brief", "other"], trigger("again", "run.succeeded")))
        try end(fixture, .succeeded)
        try await running(reactions(fixture)) { _ in
            for _ in 1...Reactions.depthLimit {
                try await waitUntil("a reaction") { try fixture.runs(.queued).count == 1 }
                let claimed = try #require(
                    try fixture.store.claim(
                        now: fixture.clock.now(), owner: "w", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 9 }
                    ).first)
                try fixture.store.complete(claimed.lease, RunOutcome(.succeeded), at: fixture.clock.now())
            }
            try await waitUntil("the end of the chain") {
                try fixture.reader.happenings(limit: 1, changes: 1).isEmpty
            }
        }
        #expect(try queued(fixture).isEmpty)
        let last = try #require(try fixture.reader.events().items.first)
        #expect(
            try fixture.reader.event(last.id)?.decisions?[0]?["reason"]?.string
                == "a chain of more than 5 reactions ends here")
        // The links of the chain count, too.
        for _ in 1...70 { try end(fixture, .succeeded) }
        try await settled(fixture)
        #expect(try queued(fixture).count == 60 - Reactions.depthLimit)
    }

    @Test func `A restart gives no trigger another sixty reactions`() async throws {
        let first = try RuntimeFixture(
            RuntimeFixture.manifests(agents: ["brief", "other"], trigger("again", "run.succeeded")))
        for _ in 1...40 { try end(first, .succeeded) }
        try await settled(first)
        let second = try RuntimeFixture(restarting: first, now: first.clock.now().advanced(by: .seconds(30)))
        for _ in 1...40 { try end(second, .succeeded) }
        try await settled(second)
        #expect(try queued(second).count == 60)
        // The first forty are a minute ago then, and the others are not.
        let third = try RuntimeFixture(restarting: second, now: first.clock.now().advanced(by: .seconds(60)))
        for _ in 1...50 { try end(third, .succeeded) }
        try await settled(third)
        #expect(try queued(third).count == 100)
    }

    @Test func `In no minute does a trigger react more than sixty times`() {
        var rate = ReactionRate()
        func reactions(_ times: Int, of trigger: String = "again", at time: Instant) -> Int {
            (0..<times).filter { _ in rate.allows(trigger, at: time) { [] } }.count
        }
        let start = Instant.at("00:00:00")
        #expect(reactions(30, at: start) == 30)
        #expect(reactions(40, at: start.advanced(by: .seconds(30))) == 30)
        #expect(reactions(10, at: start.advanced(by: .seconds(59))) == 0)
        #expect(reactions(1, of: "other", at: start.advanced(by: .seconds(59))) == 1)
        // The first thirty are a minute ago, and the others are not.
        #expect(reactions(40, at: start.advanced(by: .seconds(60))) == 30)
        #expect(reactions(10, at: start.advanced(by: .seconds(61))) == 0)
        // A clock that is set back keeps nobody waiting for longer than a minute.
        #expect(reactions(10, at: start.advanced(by: .seconds(-3_600))) == 0)
        #expect(reactions(70, at: start.advanced(by: .seconds(-3_540))) == 60)
    }

    @Test("An event that writ never tells of is a mistake in the manifest", arguments: ["run.fialed", "push"])
    func unknownEvent(name: String) throws {
        #expect(throws: Invalid.self) {
            try RuntimeFixture(RuntimeFixture.manifests(agents: ["brief", "other"], trigger("x", name)))
        }
    }
}
