import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

/// A clock that was ahead and is put right, or is behind for a moment, stops nothing and repeats nothing (fault E98).
@Suite(.timeLimit(.minutes(1))) struct ClockSetBackTests {
    private static func manifests(_ schedule: String) -> String {
        RuntimeFixture.manifests(RuntimeFixture.trigger("morning", "schedule: \(schedule)"))
    }

    private static let minutely = manifests("{cron: '* * * * *', concurrencyPolicy: Allow}")
    private static let hourly = manifests("{cron: '0 * * * *', concurrencyPolicy: Allow}")

    private func scheduler(_ fixture: RuntimeFixture) -> Scheduler {
        Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: RuntimeFixture.zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    private func asleep(_ fixture: RuntimeFixture, until time: String) async throws {
        try await waitUntil("sleeping until \(time)") { fixture.clock.deadlines == [.at(time)] }
    }

    private func ran(_ fixture: RuntimeFixture) throws -> [String] {
        try fixture.runs().filter { $0.state != .skipped }.compactMap { $0.scheduledAt?.rfc3339 }
    }

    @Test func `Whoever worked out a time by a later clock does not sleep until then`() async throws {
        let clock = SystemClock { .at("00:00:00") }
        try await clock.sleep(until: .at("02:00:00"), seen: .at("01:00:00"))
    }

    @Test("A clock put right by more than 3 hours is followed at once", arguments: [false, true])
    func correction(restarts: Bool) async throws {
        let ahead = try RuntimeFixture(Self.minutely, now: .at("2027-06-01T10:00:30Z"))
        @Sendable func goOn(_ fixture: RuntimeFixture) async throws {
            try await asleep(fixture, until: "2026-11-30T12:58:00Z")
            fixture.clock.set(.at("2026-11-30T12:58:00Z"))
            try await asleep(fixture, until: "2026-11-30T12:59:00Z")
            // Recorded, and over.
            let alarm = try #require(try fixture.reader.alarms().first)
            #expect(alarm.name == .clock && alarm.endedAt == .at("2026-11-30T12:57:10Z"), "\(alarm)")
            #expect(alarm.message.contains("2027-06-01T10:01:00Z"), "\(alarm)")
        }
        try await running(scheduler(ahead)) { _ in
            try await asleep(ahead, until: "2027-06-01T10:01:00Z")
            ahead.clock.set(.at("2027-06-01T10:01:00Z"))
            try await asleep(ahead, until: "2027-06-01T10:02:00Z")
            guard !restarts else { return }
            ahead.clock.set(.at("2026-11-30T12:57:10Z"))
            try await goOn(ahead)
        }
        let last: RuntimeFixture
        if restarts {
            last = try RuntimeFixture(restarting: ahead, now: .at("2026-11-30T12:57:10Z"))
            try await running(scheduler(last)) { _ in try await goOn(last) }
        } else {
            last = ahead
        }
        #expect(try ran(last) == ["2027-06-01T10:01:00Z", "2026-11-30T12:58:00Z"])
    }

    @Test func `What ran ahead of the clock does not run again, and what was skipped there was not missed`()
        async throws
    {
        let fixture = try RuntimeFixture(Self.hourly)
        try await running(scheduler(fixture)) { _ in
            try await asleep(fixture, until: "01:00:00")
            // Ahead by a day, in which nothing was missed.
            fixture.clock.set(.at("2026-01-02T00:30:00Z"))
            try await asleep(fixture, until: "2026-01-02T01:00:00Z")
            fixture.clock.set(.at("2026-01-02T01:00:00Z"))
            try await asleep(fixture, until: "2026-01-02T02:00:00Z")
            #expect(try fixture.runs(.skipped).map(\.missed) == [23])
            fixture.clock.set(.at("00:40:00"))
            try await asleep(fixture, until: "01:00:00")
            let reason = try #require(try fixture.runs(.skipped).first?.reason)
            #expect(reason.hasSuffix("; the clock was set back after this was recorded"))
            fixture.clock.set(.at("01:00:00"))
            try await asleep(fixture, until: "02:00:00")
            fixture.clock.set(.at("2026-01-02T01:30:00Z"))
            try await asleep(fixture, until: "2026-01-02T02:00:00Z")
        }
        #expect(try ran(fixture) == ["2026-01-02T00:00:00Z", "2026-01-02T01:00:00Z", "2026-01-01T01:00:00Z"])
        let skipped = try fixture.runs(.skipped)
        #expect(skipped.map(\.missed) == [22])
        #expect(skipped.first?.missedSince == .at("02:00:00") && skipped.first?.scheduledAt == .at("23:00:00"))
    }

    @Test func `What the clock passed while it was ahead is caught up when it is put right`() async throws {
        let fixture = try RuntimeFixture(Self.hourly)
        try await running(scheduler(fixture)) { _ in
            try await asleep(fixture, until: "01:00:00")
            fixture.clock.leap(to: .at("2026-03-01T00:30:00Z"))
            try await asleep(fixture, until: "2026-03-01T01:00:00Z")
            fixture.clock.set(.at("03:10:00"))
            try await asleep(fixture, until: "04:00:00")
        }
        #expect(try ran(fixture) == ["2026-03-01T00:00:00Z", "2026-01-01T03:00:00Z"])
        // Of those that were still to come one row is left.
        #expect(try fixture.runs(.skipped).map(\.missed) == [59 * 24 - 4, 2])
        #expect(try fixture.runs(.skipped).first?.missedSince == .at("04:00:00"))
    }

    @Test func `What was skipped does not run when the clock was behind for a moment`() async throws {
        // One run all night, which those that come meanwhile give way to.
        let fixture = try RuntimeFixture(Self.manifests("{cron: '0 * * * *', catchUp: all, catchUpWindow: 1d}"))
        try await running(scheduler(fixture)) { _ in
            for hour in 1...5 {
                try await asleep(fixture, until: "0\(hour):00:00")
                fixture.clock.set(.at("0\(hour):00:00"))
            }
            try await asleep(fixture, until: "06:00:00")
            let skipped = try fixture.runs(.skipped)
            #expect(skipped.map(\.scheduledAt) == (2...5).map { .at("0\($0):00:00") })
            let first = try #require(try fixture.runs(.queued).first?.id)
            try fixture.store.cancel(run: first, reason: "done", at: fixture.clock.now())
            fixture.clock.set(.at("01:30:00"))
            try await asleep(fixture, until: "02:00:00")
            // Also while it is behind.
            fixture.clock.set(.at("02:00:00"))
            try await asleep(fixture, until: "03:00:00")
            fixture.clock.set(.at("05:30:00"))
            try await waitUntil("right again") { fixture.clock.deadlines == [.at("06:00:00")] }
            #expect(try ran(fixture) == ["2026-01-01T01:00:00Z"])
            #expect(try fixture.runs(.skipped).map(\.id) == skipped.map(\.id))
        }
    }

    @Test("What was missed does not run when the clock was behind for a moment", arguments: ["latest", "none", "all"])
    func missed(catchUp: String) async throws {
        let schedule = "{cron: '0 * * * *', concurrencyPolicy: Allow, catchUp: \(catchUp), catchUpWindow: 2h}"
        let before = try RuntimeFixture(Self.manifests(schedule))
        let fixture = try RuntimeFixture(restarting: before, now: .at("12:10:00"))
        try await running(scheduler(fixture)) { _ in try await asleep(fixture, until: "13:00:00") }
        let known = try ran(fixture)
        try await running(scheduler(fixture)) { _ in
            try await asleep(fixture, until: "13:00:00")
            // In the midst of what was missed.
            fixture.clock.set(.at("08:30:00"))
            try await asleep(fixture, until: "09:00:00")
            #expect(try ran(fixture) == known)
            fixture.clock.set(.at("12:20:00"))
            try await waitUntil("right again") { fixture.clock.deadlines == [.at("13:00:00")] }
        }
        #expect(try ran(fixture) == known)
        let skipped = try fixture.runs(.skipped)
        #expect(known.count + skipped.reduce(0) { $0 + $1.missed } == 12, "one row each")
    }

    @Test func `What was skipped while it was suspended does not run by a clock that was behind`() async throws {
        let suspended = RuntimeFixture.manifests(
            RuntimeFixture.trigger(
                "morning", "schedule: {cron: '0 * * * *', catchUp: all, catchUpWindow: 1d}\nsuspend: true"))
        let before = try RuntimeFixture(suspended)
        let fixture = try RuntimeFixture(restarting: before, now: .at("06:10:00"))
        try await running(scheduler(fixture)) { _ in
            try await asleep(fixture, until: "07:00:00")
            try fixture.apply(suspended.replacing("suspend: true", with: "suspend: false"))
            fixture.clock.set(.at("02:30:00"))
            try await asleep(fixture, until: "03:00:00")
            fixture.clock.set(.at("06:20:00"))
            try await waitUntil("right again") { fixture.clock.deadlines == [.at("07:00:00")] }
        }
        #expect(try ran(fixture).isEmpty)
        #expect(try fixture.runs(.skipped).map(\.missed) == [6])
    }

    @Test("A clock that is behind for a moment repeats nothing", arguments: ["latest", "all"])
    func behind(catchUp: String) async throws {
        let fixture = try RuntimeFixture(
            Self.manifests(
                "{cron: '0 * * * *', concurrencyPolicy: Allow, catchUp: \(catchUp), catchUpWindow: 2d}"))
        try await running(scheduler(fixture)) { _ in
            for hour in 1...5 {
                try await asleep(fixture, until: "0\(hour):00:00")
                fixture.clock.set(.at("0\(hour):00:00"))
            }
            try await asleep(fixture, until: "06:00:00")
            fixture.clock.set(.at("2025-12-31T20:10:00Z"))
            try await asleep(fixture, until: "2025-12-31T21:00:00Z")
            fixture.clock.set(.at("05:30:00"))
            try await waitUntil("right again") { fixture.clock.deadlines == [.at("06:00:00")] }
        }
        let ran = try ran(fixture)
        #expect(Set(ran).count == ran.count)
        #expect(ran.prefix(5) == (1...5).map { "2026-01-01T0\($0):00:00Z" }[...])
        // Of the time before the first run nothing was known; nothing is said of what ran.
        #expect(try fixture.runs(.skipped).allSatisfy { ($0.scheduledAt ?? .at("05:00:00")) < .at("01:00:00") })
    }
}
