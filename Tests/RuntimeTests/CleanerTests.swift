import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

@Suite("The cleaner", .timeLimit(.minutes(1)))
struct CleanerTests {
    private static let manifests = RuntimeFixture.manifests(
        RuntimeFixture.trigger("morning", "schedule: {cron: '0 * * * *', concurrencyPolicy: Allow, catchUp: all}"))

    private func cleaner(_ fixture: RuntimeFixture) -> Cleaner {
        Cleaner(store: fixture.store, clock: fixture.clock, logger: fixture.logger)
    }

    private func scheduler(_ fixture: RuntimeFixture) -> Scheduler {
        Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: RuntimeFixture.zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    @Test("what a clean-up removed does not run again, also when the clock is set back (fault E98)")
    func cursors() async throws {
        let fixture = try RuntimeFixture(Self.manifests)
        try await running(scheduler(fixture)) { _ in
            for hour in 1...5 {
                fixture.clock.set(.at("0\(hour):00:00"))
                try await waitUntil("hour \(hour)") { try fixture.runs(.queued).count == hour }
            }
        }
        for run in try fixture.runs(.queued) {
            try fixture.store.cancel(run: run.id, reason: "no", at: fixture.clock.now())
        }
        fixture.clock.advance(.seconds(100 * 86_400))
        let removed = try await cleaner(fixture).pass()
        // The last one of the trigger stays.
        #expect(removed[.runs] == 4)
        #expect(removed[.events] == 4)
        let restarted = try RuntimeFixture(restarting: fixture, now: .at("03:00:00"))
        try await running(scheduler(restarted)) { _ in
            try await waitUntil("where it had come to") { restarted.clock.deadlines == [.at("05:00:00")] }
            restarted.clock.set(.at("05:00:00"))
            try await waitUntil("the next instant") { restarted.clock.deadlines == [.at("06:00:00")] }
        }
        #expect(try restarted.runs(.queued).isEmpty)
        #expect(try restarted.runs().count == 1)
    }

    @Test(
        "what ran while the clock was hours ahead does not run again when it is set back, however few are kept (fault E98)"
    )
    func hoursAhead() async throws {
        let before = try RuntimeFixture(
            RuntimeFixture.manifests(
                RuntimeFixture.trigger(
                    "often",
                    "schedule: {cron: '*/10 * * * *', concurrencyPolicy: Allow, catchUp: all, catchUpWindow: 5h}")))
        try await running(scheduler(before)) { _ in
            before.clock.set(.at("00:10:00"))
            try await waitUntil("the first") { try before.runs(.queued).count == 1 }
        }
        let ahead = try RuntimeFixture(restarting: before, now: .at("04:11:00"))
        let few = try #require(
            Settings.read(
                Node(json: ["retention": ["runs": ["count": 2]]]),
                ManifestReading(path: Settings.fileName, source: .recorded)))
        try ahead.store.follow(nil, settings: (few, commit: "c0ffee"))
        let instants = 25
        // The cleaner begins before anything is caught up.
        try await running(cleaner(ahead)) { _ in
            try await running(scheduler(ahead)) { _ in
                try await waitUntil("what was missed") { try ahead.runs(.queued).count == instants }
            }
            for run in try ahead.runs(.queued) {
                try ahead.store.cancel(run: run.id, reason: "no", at: ahead.clock.now())
            }
            let start = ahead.clock.now()
            try await waitUntil("the cleaner waits") { !ahead.clock.deadlines.isEmpty }
            ahead.clock.set(start.advanced(by: .seconds(61)))
            try await waitUntil("its first pass") {
                ahead.clock.deadlines.contains { $0 > start.advanced(by: .seconds(3_600)) }
            }
        }
        let right = try RuntimeFixture(restarting: ahead, now: .at("00:12:00"))
        try await running(scheduler(right)) { _ in
            try await waitUntil("where it waits") { right.clock.deadlines.contains(.at("00:20:00")) }
            right.clock.set(.at("00:21:00"))
            try await waitUntil("the next") { right.clock.deadlines.contains { $0 > .at("00:21:00") } }
        }
        #expect(try right.runs(.queued).isEmpty)
        // The first was in its time.
        #expect(try right.runs().count == instants - 1)
    }

    @Test(
        "nothing is removed by a clock that is far ahead for a while, and what was received is still known (fault D82)")
    func ahead() async throws {
        let fixture = try RuntimeFixture(Self.manifests)
        let sent = NewEvent(
            endpoint: "trigger/x", dedupeKey: "one", name: "push", source: "github", payload: [:],
            receivedAt: fixture.clock.now())
        guard case .accepted(let id, _) = try fixture.store.accept(sent) else {
            throw StateError(.other, "it was known before")
        }
        let start = fixture.clock.now()
        try await running(cleaner(fixture)) { _ in
            try await waitUntil("the first look") { !fixture.clock.deadlines.isEmpty }
            for ahead in [Duration.seconds(80 * 365 * 86_400), .seconds(100 * 86_400)] {
                for hour in 1...3 {
                    let now = start.advanced(by: ahead + .seconds(hour * 4_000))
                    fixture.clock.leap(to: now)
                    try await waitUntil("a look") { fixture.clock.deadlines.first.map { $0 > now } ?? false }
                }
            }
            fixture.clock.leap(to: start.advanced(by: .seconds(20_000)))
        }
        #expect(try fixture.store.accept(sent) == .duplicate(event: id, isSameBody: true))
        #expect(try fixture.reader.event(id) != nil)
    }

    @Test func `works by what the repository says, an hour after another`() async throws {
        let fixture = try RuntimeFixture(Self.manifests)
        let recorded = ManifestReading(path: Settings.fileName, source: .recorded)
        let settings = try #require(
            Settings.read(Node(json: ["retention": ["events": ["age": "1h"]]]), recorded))
        try fixture.store.follow(nil, settings: (settings, commit: "c0ffee"))
        func store(_ key: String) throws {
            _ = try fixture.store.accept(
                NewEvent(
                    endpoint: "trigger/x", dedupeKey: key, name: "push", source: "github", payload: [:],
                    receivedAt: fixture.clock.now()))
        }
        @Sendable func kept() throws -> [String?] { try fixture.reader.events().items.map(\.dedupeKey) }
        try store("one")
        fixture.clock.advance(.seconds(3_590))
        try store("two")
        try await running(cleaner(fixture)) { _ in
            try await waitUntil("the first wait") { !fixture.clock.deadlines.isEmpty }
            #expect(try kept() == ["two", "one"])
            fixture.clock.advance(.seconds(60))
            try await waitUntil("the first pass") { try kept() == ["two"] }
            try await waitUntil("the next wait") {
                fixture.clock.deadlines == [fixture.clock.now().advanced(by: .seconds(3_600))]
            }
            fixture.clock.advance(.seconds(3_600))
            try await waitUntil("the second pass") { try kept() == [] }
        }
    }
}
