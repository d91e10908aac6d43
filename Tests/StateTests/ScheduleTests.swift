import Spec
import State
import TestSupport
import Testing
import Values

@Suite struct ScheduleTests {
    let fixture: StateFixture
    private let cursor = ScheduleCursor(
        trigger: "morning", instant: StateFixture.at(0), specDigest: Digest(of: "* * * * *".utf8))

    init() throws {
        fixture = try StateFixture()
        var application = RevisionApplication.test([])
        application.cursors = [cursor]
        _ = try fixture.store.apply(application)
    }

    /// A firing of the instant at `seconds`, decided on `cursor`.
    private func firing(
        _ cursor: ScheduleCursor, _ seconds: Int64, skipped: [SkippedInstants] = [],
        others: ScheduleFiring.OtherRuns = .ignored
    ) -> ScheduleFiring {
        var run = fixture.run()
        run.scheduledAt = StateFixture.at(seconds)
        return ScheduleFiring(
            cursor: cursor, next: StateFixture.at(seconds), event: .test(endpoint: "schedule"), run: run,
            skipped: skipped, others: others, at: StateFixture.at(seconds + 1))
    }

    private func recorded() throws -> ScheduleCursor {
        try #require(try fixture.reader.scheduleCursors()["morning"])
    }

    @Test func `a firing makes the event, the run and moves the cursor`() throws {
        guard case .fired(let id?) = try fixture.store.fire(firing(cursor, 60)) else { throw Missing() }
        let run = try #require(try fixture.reader.run(id))
        #expect(run.state == .queued)
        #expect(run.trigger == "morning")
        #expect(run.scheduledAt == StateFixture.at(60))
        #expect(try fixture.reader.event(try #require(run.event))?.summary.endpoint == "schedule")
        #expect(try recorded().instant == StateFixture.at(60))
    }

    @Test("fault E98: an instant fires once, whoever decided it and however often")
    func once() throws {
        _ = try fixture.store.fire(firing(cursor, 60))
        #expect(try fixture.store.fire(firing(cursor, 60)) == .superseded)
        #expect(try fixture.reader.runs().items.count == 1)
        #expect(try fixture.reader.events().items.count == 1)
    }

    @Test func `an instant that has a row does not fire when the cursor was set back`() throws {
        _ = try fixture.store.fire(firing(cursor, 60))
        var application = RevisionApplication.test([])
        application.cursors = [cursor]
        _ = try fixture.store.apply(application)
        #expect(try fixture.store.fire(firing(cursor, 60)) == .alreadyFired)
        #expect(try recorded().instant == StateFixture.at(60))
        #expect(try fixture.reader.runs().items.count == 1)
        #expect(try fixture.reader.events().items.count == 1)
    }

    @Test("fault E98: what was recorded while the clock was ahead is kept, and known when its time comes")
    func ahead() throws {
        let skipped = SkippedInstants(
            since: StateFixture.at(-60), instant: StateFixture.at(50_000), count: 3, reason: "missed",
            target: .agent("brief"), revision: 1)
        _ = try fixture.store.fire(firing(cursor, 86_400, skipped: [skipped]))
        _ = try fixture.store.fire(firing(try recorded(), 86_460))
        #expect(try fixture.reader.furthestPlace()?.instant == StateFixture.at(86_460))
        let runs = try fixture.claim(at: 90_000)
        for run in runs {
            try fixture.store.complete(run.lease, RunOutcome(.succeeded), at: StateFixture.at(90_000))
        }
        let now = StateFixture.at(10)
        #expect(try fixture.store.followClock(to: now, note: "set back") == 1)
        #expect(try fixture.store.followClock(to: now, note: "set back") == 0)
        #expect(try recorded().instant == now, "what it says is recorded is not decided again")
        let row = try #require(try fixture.reader.runs().items.first { $0.state == .skipped })
        #expect(row.reason == "missed; set back")
        let known = try fixture.reader.recordedInstants(of: "morning", after: now, through: StateFixture.at(86_400))
        #expect(known.ran == [StateFixture.at(86_400)])
        #expect(known.skipped.map(\.run) == [row.id])
        #expect(known.skipped.first?.instants.count == 3)
        // However few are kept.
        let few = try #require(
            Settings.read(
                Node(json: ["retention": ["runs": ["count": 1]]]),
                ManifestReading(path: Settings.fileName, source: .recorded))
        ).retention
        #expect(try fixture.store.cleanUp(.runs, few, now: now).removed == 0)
        #expect(try fixture.store.cleanUp(.runs, few, now: StateFixture.at(90_000)).removed == 2)
    }

    @Test func `a firing of a schedule that changed or is gone is refused`() throws {
        let other = ScheduleCursor(trigger: "morning", instant: cursor.instant, specDigest: Digest(of: "new".utf8))
        #expect(try fixture.store.fire(firing(other, 60)) == .superseded)
        let gone = ScheduleCursor(trigger: "evening", instant: cursor.instant, specDigest: cursor.specDigest)
        #expect(try fixture.store.fire(firing(gone, 60)) == .superseded)
        #expect(try fixture.store.fire(firing(cursor, -60)) == .superseded)
        #expect(try fixture.reader.runs().items.isEmpty)
        #expect(try recorded() == cursor)
    }

    @Test("fault E99: instants that did not run are rows with a reason and a count")
    func missed() throws {
        let skipped = SkippedInstants(
            since: StateFixture.at(60), instant: StateFixture.at(180), count: 3, reason: "missed while down",
            target: .agent("brief"), revision: 1)
        _ = try fixture.store.fire(firing(cursor, 240, skipped: [skipped]))
        let runs = try fixture.reader.runs().items
        #expect(runs.map(\.state) == [.queued, .skipped])
        let row = try #require(runs.last)
        #expect(row.missed == 3)
        #expect(row.missedSince == StateFixture.at(60))
        #expect(row.scheduledAt == StateFixture.at(180))
        #expect(row.reason == "missed while down")
        #expect(try fixture.claim(at: 1_000).count == 1)
    }

    @Test("fault E101: a firing may consist of a skipped instant alone")
    func overlap() throws {
        let skipped = SkippedInstants(
            instant: StateFixture.at(60), reason: "the run before is still running", target: .agent("brief"),
            revision: 1)
        let firing = ScheduleFiring(
            cursor: cursor, next: StateFixture.at(60), skipped: [skipped], at: StateFixture.at(61))
        #expect(try fixture.store.fire(firing) == .fired(run: nil))
        #expect(try fixture.reader.runs().items.map(\.reason) == ["the run before is still running"])
        #expect(try recorded().instant == StateFixture.at(60))
    }

    @Test("fault E101: beside a run that is not over a firing that respects it changes nothing")
    func blocked() throws {
        let active = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        #expect(try fixture.store.fire(firing(cursor, 60, others: .respected)) == .blocked)
        #expect(try recorded() == cursor)
        try fixture.store.cancel(run: active, reason: "done", at: StateFixture.at(61))
        guard case .fired(_?) = try fixture.store.fire(firing(cursor, 60, others: .respected)) else { throw Missing() }
    }

    @Test("fault E101: what a firing replaces is cancelled with it, or not at all")
    func replaced() throws {
        let active = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        let other = ScheduleCursor(trigger: "morning", instant: cursor.instant, specDigest: Digest(of: "new".utf8))
        #expect(try fixture.store.fire(firing(other, 60, others: .cancelled(reason: "new"))) == .superseded)
        #expect(try fixture.state(of: active) == .queued)
        _ = try fixture.store.fire(firing(cursor, 60, others: .cancelled(reason: "new")))
        #expect(try fixture.reader.run(active)?.reason == "new")
        #expect(try fixture.reader.activeRuns(trigger: "morning").map(\.scheduledAt) == [StateFixture.at(60)])
    }

    @Test("fault E102: a firing that fails leaves the cursor where it was")
    func atomic() throws {
        var run = fixture.run()
        run.revision = 99
        let firing = ScheduleFiring(
            cursor: cursor, next: StateFixture.at(60), event: .test(endpoint: "schedule"), run: run,
            at: StateFixture.at(61))
        #expect(try code { _ = try fixture.store.fire(firing) } == .conflict)
        #expect(try recorded() == cursor)
        #expect(try fixture.reader.events().items.isEmpty)
    }
}
