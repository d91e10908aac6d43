import Runtime
import Spec
import State
import Testing
import Values

/// What a person decides about runs and events.
@Suite struct OperationTests {
    private let fixture: RuntimeFixture
    private let replays: Replays

    init() throws {
        fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                agents: ["brief", "other"],
                RuntimeFixture.trigger("push", "webhook: {source: github, events: [push], secret: {env: HOOK}}"),
                RuntimeFixture.trigger("late", "webhook: {source: generic, secret: {env: HOOK}}"),
                RuntimeFixture.trigger("timed", "schedule: {cron: '* * * * *'}"),
                RuntimeFixture.trigger(
                    "resting", "suspend: true\nwebhook: {source: generic, secret: {env: HOOK}}")))
        replays = Replays(store: fixture.store, catalogs: fixture.catalogs, clock: fixture.clock)
    }

    private func arrive(_ name: String = "push", at endpoint: String = "trigger/push") throws -> (String, String?) {
        let event = NewEvent(
            endpoint: endpoint, dedupeKey: "d-1", name: name, source: "github", payload: ["ref": "main"],
            headers: ["x-github-event": .string(name)], receivedAt: fixture.clock.now())
        let run = NewRun(
            trigger: "push", target: .agent("brief"), revision: 1, maxAttempts: 2, notBefore: fixture.clock.now())
        guard case .accepted(let id, let runs) = try fixture.store.accept(event, runs: [run]) else {
            throw Invalid(description: "not accepted")
        }
        return (id, runs.first)
    }

    private func state(_ id: String) throws -> RunState? { try fixture.reader.run(id)?.state }

    private func perform(_ operation: RunOperation, _ id: String, effects: Bool = false) throws {
        try fixture.store.perform(
            operation, on: id, repeatingEffects: effects, actor: "ada", at: fixture.clock.now())
    }

    private func claim() throws -> ClaimedRun? {
        try fixture.store.claim(
            now: fixture.clock.now(), owner: "w", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 9 }
        ).first
    }

    @Test func `A dead letter that is retried has one attempt more, and its history stays`() throws {
        let id = try #require(try arrive().1)
        for _ in 1...2 {
            let claimed = try #require(try claim())
            _ = try fixture.store.retryLater(
                claimed.lease, error: "no", notBefore: fixture.clock.now(), at: fixture.clock.now())
        }
        #expect(try state(id) == .discarded)
        try perform(.retry, id)
        #expect(try state(id) == .queued)
        #expect(try fixture.reader.run(id)?.reason == "retried by ada")
        let claimed = try #require(try claim())
        #expect(claimed.run.attempt == 3)
        try fixture.store.complete(claimed.lease, RunOutcome(.succeeded, output: "yes"), at: fixture.clock.now())
        #expect(try state(id) == .succeeded)
        #expect(throws: StateError.self) { try perform(.retry, id) }
        #expect(throws: StateError.self) { try perform(.cancel, id) }
    }

    @Test func `A cancelled run is taken from its worker, who can record nothing more`() throws {
        let id = try #require(try arrive().1)
        let claimed = try #require(try claim())
        try perform(.cancel, id)
        #expect(try state(id) == .cancelled)
        let error = #expect(throws: StateError.self) {
            try fixture.store.complete(claimed.lease, RunOutcome(.succeeded), at: fixture.clock.now())
        }
        #expect(error?.code == .staleLease)
        try perform(.discard, id)
        #expect(try state(id) == .discarded)
        #expect(try fixture.reader.run(id)?.reason == "discarded by ada")
    }

    @Test func `What may have had an effect is repeated only when somebody says so`() throws {
        let id = try #require(try arrive().1)
        let claimed = try #require(try claim())
        try fixture.store.complete(claimed.lease, RunOutcome(.unknown), at: fixture.clock.now())
        let error = #expect(throws: StateError.self) { try perform(.retry, id) }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("--repeat-effects") == true)
        #expect(try state(id) == .unknown)
        try perform(.retry, id, effects: true)
        #expect(try state(id) == .queued)
    }

    @Test func `A running run is not discarded under its worker, and an unknown id is told`() throws {
        let id = try #require(try arrive().1)
        _ = try #require(try claim())
        #expect(throws: StateError.self) { try perform(.discard, id) }
        #expect(try state(id) == .running)
        let error = #expect(throws: StateError.self) { try perform(.cancel, "run_nobody") }
        #expect(error?.code == .notFound)
    }

    @Test func `An event of writ's own that is replayed is for the triggers that listen now`() throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                agents: ["brief", "other"],
                RuntimeFixture.trigger("alarm", "on: {event: run.failed, agent: brief}"),
                RuntimeFixture.trigger("elsewhere", "on: {event: run.failed, agent: other}")))
        let event = NewEvent(
            endpoint: "writ", name: "run.failed", source: "writ", payload: ["agent": "brief"],
            receivedAt: fixture.clock.now())
        guard case .accepted(let id, _) = try fixture.store.accept(event, runs: []) else {
            throw Invalid(description: "not accepted")
        }
        let replays = Replays(store: fixture.store, catalogs: fixture.catalogs, clock: fixture.clock)
        #expect(try replays.replay(id, to: nil).runs.count == 1)
        #expect(try fixture.runs(.queued).map(\.trigger) == ["alarm"])
    }

    @Test func `A replayed event is a new one, for the triggers that match now`() throws {
        let (first, _) = try arrive()
        let (event, runs) = try replays.replay(first, to: nil)
        #expect(event != first)
        #expect(runs.count == 1)
        let replayed = try #require(try fixture.reader.event(event))
        #expect(replayed.payload == ["ref": "main"])
        #expect(replayed.headers[Replays.header]?.string == first)
        #expect(replayed.summary.dedupeKey == nil)
        #expect(try fixture.reader.run(try #require(runs.first))?.trigger == "push")
        let (other, _) = try arriveOnce(name: "issues.opened")
        #expect(try replays.replay(other, to: nil).runs.isEmpty)
    }

    @Test func `An event that came before its trigger was renamed starts it by its new name`() throws {
        let (first, _) = try arrive()
        try fixture.apply(
            RuntimeFixture.manifests(
                agents: ["brief", "other"],
                RuntimeFixture.trigger(
                    "pushed, renamedFrom: push", "webhook: {source: github, events: [push], secret: {env: HOOK}}")))
        let (event, runs) = try replays.replay(first, to: nil)
        #expect(try fixture.reader.run(try #require(runs.first))?.trigger == "pushed")
        #expect(try fixture.reader.event(event)?.summary.endpoint == "trigger/pushed")
    }

    private func arriveOnce(name: String) throws -> (String, String?) {
        let event = NewEvent(
            endpoint: "trigger/push", name: name, source: "github", payload: [:], receivedAt: fixture.clock.now())
        guard case .accepted(let id, _) = try fixture.store.accept(event) else {
            throw Invalid(description: "not accepted")
        }
        return (id, nil)
    }

    @Test func `A trigger that is named gets the event whether or not it matches, unless it is suspended`() throws {
        let (first, _) = try arrive()
        let (event, runs) = try replays.replay(first, to: "late")
        #expect(try fixture.reader.run(try #require(runs.first))?.trigger == "late")
        #expect(try fixture.reader.event(event)?.decisions?[0]?["trigger"]?.string == "late")
        #expect(throws: RuntimeError.self) { try replays.replay(first, to: "resting") }
        let error = #expect(throws: RuntimeError.self) { try replays.replay(first, to: "pusch") }
        #expect(error?.message.contains("did you mean `push`") == true)
        #expect(throws: RuntimeError.self) { try replays.replay("evt_nobody", to: nil) }
    }
}
