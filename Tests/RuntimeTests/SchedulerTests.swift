import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(1))) struct SchedulerTests {
    private static func manifests(_ schedule: String, more: String = "") -> String {
        RuntimeFixture.manifests(RuntimeFixture.trigger("morning", "schedule: \(schedule)\n\(more)"))
    }

    private func scheduler(_ fixture: RuntimeFixture) -> Scheduler {
        Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: RuntimeFixture.zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    /// Waits until the scheduler sleeps towards this time.
    private func asleep(_ fixture: RuntimeFixture, until time: String) async throws {
        try await waitUntil("sleeping until \(time)") { fixture.clock.deadlines == [.at(time)] }
    }

    @Test func `A schedule fires at its instants, each with an event`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '*/30 * * * *', concurrencyPolicy: Allow}"))
        try await running(scheduler(fixture)) { _ in
            try await asleep(fixture, until: "00:30:00")
            fixture.clock.set(.at("00:30:00"))
            try await asleep(fixture, until: "01:00:00")
            fixture.clock.set(.at("01:00:01"))
            try await asleep(fixture, until: "01:30:00")
        }
        #expect(try fixture.times(.queued) == ["00:30", "01:00"])
        let run = try #require(try fixture.runs().last)
        let event = try #require(try run.event.flatMap { try fixture.reader.event($0) })
        #expect(event.summary.name == "schedule")
        #expect(event.payload == ["scheduledAt": "2026-01-01T01:00:00Z"])
        #expect(run.manifestDigest != nil && run.revision == 1 && run.maxAttempts == 3)
        #expect(fixture.metrics.snapshot.schedulesFired == 2)
        #expect(fixture.metrics.snapshot.scheduleLag == .seconds(1))
    }

    @Test func `No instant is lost or doubled by a restart`() async throws {
        let first = try RuntimeFixture(Self.manifests("{cron: '0 * * * *', concurrencyPolicy: Allow, catchUp: all}"))
        try await running(scheduler(first)) { _ in
            first.clock.set(.at("01:00:00"))
            try await asleep(first, until: "02:00:00")
        }
        let second = try RuntimeFixture(restarting: first, now: .at("03:00:05"))
        try await running(scheduler(second)) { _ in try await asleep(second, until: "04:00:00") }
        let third = try RuntimeFixture(restarting: second, now: .at("03:00:06"))
        try await running(scheduler(third)) { _ in try await asleep(third, until: "04:00:00") }
        #expect(try third.times(.queued) == ["01:00", "03:00"])
        #expect(try third.runs(.skipped).map(\.missed) == [1])
    }

    @Test func `A stop does not wait for all that was missed, and the next start goes on there`() async throws {
        let first = try RuntimeFixture(
            Self.manifests("{cron: '0 * * * *', concurrencyPolicy: Allow, catchUp: all, catchUpWindow: 30d}"))
        first.clock.set(.at("2026-01-21T00:00:00Z"))
        @Sendable func queued(_ fixture: RuntimeFixture) throws -> Int {
            try fixture.reader.queueCounts().runs[.queued] ?? 0
        }
        try await running(scheduler(first)) { _ in try await waitUntil("the first") { try queued(first) > 0 } }
        let second = try RuntimeFixture(restarting: first, now: .at("2026-01-21T00:00:20Z"))
        try await running(scheduler(second)) { _ in try await asleep(second, until: "2026-01-21T01:00:00Z") }
        #expect(try queued(second) == 480)
        #expect(try second.runs(.skipped).isEmpty)
    }

    @Test func `Schedules that have much to catch up take turns, and what is due now is not behind them all`()
        async throws
    {
        let hourly = "{cron: '0 * * * *', concurrencyPolicy: Allow, catchUp: all, catchUpWindow: 30d}"
        let names = ["a", "b", "c"]
        let first = try RuntimeFixture(
            RuntimeFixture.manifests(
                names.map { RuntimeFixture.trigger($0, "schedule: \(hourly)") }.joined(separator: "\n---\n"),
                RuntimeFixture.trigger("now", "schedule: {cron: '0 * * * *', concurrencyPolicy: Allow}")))
        first.clock.set(.at("2026-01-03T00:00:00Z"))
        try await running(scheduler(first)) { _ in try await asleep(first, until: "2026-01-03T01:00:00Z") }
        let runs = try first.runs(.queued)
        #expect(runs.count == 3 * 48 + 1)
        #expect(Set(runs.map { "\($0.trigger ?? "") \($0.scheduledAt?.rfc3339 ?? "")" }).count == runs.count)
        // None is far ahead of another one.
        var counts: [String: Int] = [:]
        for run in runs {
            counts[run.trigger ?? "", default: 0] += 1
            let all = names.map { counts[$0] ?? 0 }
            #expect((all.max() ?? 0) - (all.min() ?? 0) <= 10)
        }
        let current = try #require(runs.firstIndex { $0.trigger == "now" })
        #expect(current <= 40)
        for name in names {
            let times = runs.filter { $0.trigger == name }.compactMap(\.scheduledAt)
            #expect(times == times.sorted())
        }
    }

    @Test func `With the clock set back, no instant runs twice (fault E98)`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '0 * * * *', concurrencyPolicy: Allow}"))
        try await running(scheduler(fixture)) { _ in
            fixture.clock.set(.at("01:00:00"))
            try await asleep(fixture, until: "02:00:00")
        }
        fixture.clock.set(.at("00:10:00"))
        try await running(scheduler(fixture)) { _ in
            // Until the clock is there again, whoever asks is told why nothing runs.
            try await asleep(fixture, until: "01:00:00")
            #expect(try fixture.reader.alarms().map(\.endedAt) == [nil])
            fixture.clock.set(.at("01:00:00"))
            try await asleep(fixture, until: "02:00:00")
            #expect(try fixture.reader.alarms().map(\.endedAt) == [.at("01:00:00")])
            fixture.clock.set(.at("02:00:00"))
            try await asleep(fixture, until: "03:00:00")
        }
        #expect(try fixture.times(.queued) == ["01:00", "02:00"])
    }

    @Test(
        "While the clock cannot be right nothing fires, and then the schedule goes on (fault D82)",
        arguments: ["1970-01-01T00:00:03Z", "2106-02-07T06:28:15Z"])
    func senseless(clock: String) async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '0 * * * *', concurrencyPolicy: Allow}"))
        fixture.clock.set(.at(clock))
        try await running(scheduler(fixture)) { _ in
            try await waitUntil("the scheduler watches the clock") { fixture.clock.watchers == 1 }
            #expect(try fixture.runs().isEmpty)
            fixture.clock.set(.at("01:00:00"))
            try await asleep(fixture, until: "02:00:00")
        }
        #expect(try fixture.times(.queued) == ["01:00"])
    }

    @Test func `While the run before goes on, Forbid skips and says so (fault E101)`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '0 * * * *'}"))
        try await running(scheduler(fixture)) { _ in
            fixture.clock.set(.at("01:00:00"))
            try await asleep(fixture, until: "02:00:00")
            fixture.clock.set(.at("02:00:00"))
            try await asleep(fixture, until: "03:00:00")
        }
        let runs = try fixture.runs()
        #expect(runs.map(\.state) == [.queued, .skipped])
        #expect(runs.last?.reason == "previous run still active: \(runs.first?.id ?? "")")
    }

    @Test func `Replace cancels the run before`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '0 * * * *', concurrencyPolicy: Replace}"))
        try await running(scheduler(fixture)) { _ in
            fixture.clock.set(.at("01:00:00"))
            try await asleep(fixture, until: "02:00:00")
            fixture.clock.set(.at("02:00:00"))
            try await asleep(fixture, until: "03:00:00")
        }
        let runs = try fixture.runs()
        #expect(runs.map(\.state) == [.cancelled, .queued])
        #expect(runs.first?.reason == "replaced by the run of 2026-01-01T02:00:00Z")
    }

    /// Of what was missed every 20 minutes: the second begins when the first has ended.
    private func firstTwo(of fixture: RuntimeFixture) async throws {
        try await waitUntil("the first run") { try fixture.times(.queued) == ["00:20"] }
        let first = try #require(try fixture.runs(.queued).first)
        try fixture.store.cancel(run: first.id, reason: "done", at: fixture.clock.now())
        try await waitUntil("the second run") { try fixture.times(.queued) == ["00:40"] }
        try await asleep(fixture, until: "01:00:00")
    }

    @Test func `With catchUp all and Forbid, what was missed waits for the run before`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '*/20 * * * *', catchUp: all}"))
        fixture.clock.set(.at("00:50:00"))
        try await running(scheduler(fixture)) { _ in
            try await firstTwo(of: fixture)
        }
        #expect(try fixture.runs(.skipped).isEmpty)
    }

    @Test func `With catchUp all, the newest of what was missed waits too, and what is due meanwhile is skipped`()
        async throws
    {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '* * * * *', catchUp: all}"))
        // The last of the three was missed, if only by 20 seconds.
        fixture.clock.set(.at("00:03:20"))
        try await running(scheduler(fixture)) { _ in
            for minute in 1...3 {
                try await waitUntil("run \(minute)") { try fixture.times(.queued) == ["00:0\(minute)"] }
                if minute == 3 {
                    try await asleep(fixture, until: "00:04:00")
                    fixture.clock.set(.at("00:04:00"))
                    try await waitUntil("a skip") { try fixture.times(.skipped) == ["00:04"] }
                }
                let run = try #require(try fixture.runs(.queued).first)
                try fixture.store.cancel(run: run.id, reason: "done", at: fixture.clock.now())
            }
        }
        #expect(try fixture.times(.cancelled) == ["00:01", "00:02", "00:03"])
    }

    @Test func `With catchUp all and Replace, what was missed runs in order, and what is due later replaces`()
        async throws
    {
        let fixture = try RuntimeFixture(
            Self.manifests("{cron: '*/20 * * * *', catchUp: all, concurrencyPolicy: Replace}"))
        fixture.clock.set(.at("00:50:00"))
        try await running(scheduler(fixture)) { _ in
            try await firstTwo(of: fixture)
            fixture.clock.set(.at("01:00:00"))
            try await waitUntil("the run that is due") { try fixture.times(.queued) == ["01:00"] }
        }
        #expect(
            try fixture.runs(.cancelled).map(\.reason) == ["done", "replaced by the run of 2026-01-01T01:00:00Z"])
        #expect(try fixture.runs(.skipped).isEmpty)
    }

    @Test func `What still runs from before a downtime is replaced by the first of what was missed alone`() async throws
    {
        let fixture = try RuntimeFixture(
            Self.manifests("{cron: '*/20 * * * *', catchUp: all, concurrencyPolicy: Replace}"))
        try await running(scheduler(fixture)) { _ in
            fixture.clock.set(.at("00:20:00"))
            try await asleep(fixture, until: "00:40:00")
        }
        fixture.clock.set(.at("01:10:00"))
        try await running(scheduler(fixture)) { _ in
            try await waitUntil("the first of them") { try fixture.times(.queued) == ["00:40"] }
            let first = try #require(try fixture.runs(.queued).first)
            try fixture.store.cancel(run: first.id, reason: "done", at: fixture.clock.now())
            try await waitUntil("the second of them") { try fixture.times(.queued) == ["01:00"] }
        }
        #expect(
            try fixture.runs(.cancelled).map(\.reason) == ["replaced by the run of 2026-01-01T00:40:00Z", "done"])
    }

    @Test func `A suspended trigger rests, and each instant has a row`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '0 * * * *'}", more: "suspend: true"))
        try await running(scheduler(fixture)) { _ in
            fixture.clock.set(.at("01:00:00"))
            try await asleep(fixture, until: "02:00:00")
        }
        #expect(try fixture.runs().map(\.reason) == ["the trigger is suspended"])
    }

    @Test func `A new revision is noticed without being told`() async throws {
        let fixture = try RuntimeFixture(RuntimeFixture.manifests())
        try await running(scheduler(fixture)) { _ in
            try fixture.apply(Self.manifests("{cron: '0 5 * * *'}"))
            try await asleep(fixture, until: "05:00:00")
        }
        #expect(try fixture.runs().isEmpty)
    }

    @Test func `Jitter delays the start, by the same time whenever it is asked`() async throws {
        let manifests = Self.manifests("{cron: '0 * * * *', jitter: 10m}")
        var starts: [Instant] = []
        for _ in 1...2 {
            let fixture = try RuntimeFixture(manifests)
            fixture.clock.set(.at("01:00:00"))
            try await running(scheduler(fixture)) { _ in try await asleep(fixture, until: "02:00:00") }
            starts.append(try #require(try fixture.runs().first).notBefore)
        }
        #expect(starts[0] == starts[1])
        #expect(starts[0] >= .at("01:00:00") && starts[0] < .at("01:10:00"))
    }

    @Test func `What is skipped because the run before waits for its jitter says so`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '* * * * *', jitter: 1h}"))
        try await running(scheduler(fixture)) { _ in
            fixture.clock.set(.at("00:01:00"))
            try await asleep(fixture, until: "00:02:00")
            fixture.clock.set(.at("00:02:00"))
            try await asleep(fixture, until: "00:03:00")
        }
        let runs = try fixture.runs()
        #expect(runs.last?.reason == "previous run still waits for its jitter: \(runs.first?.id ?? "")")
    }

    @Test func `Many schedules of one instant all start (fault E103)`() async throws {
        let triggers = (0..<300).map {
            RuntimeFixture.trigger("t\($0)", "schedule: {cron: '0 0 * * *'}")
        }
        let fixture = try RuntimeFixture(RuntimeFixture.manifests(triggers.joined(separator: "\n---\n")))
        try await running(scheduler(fixture)) { _ in
            try await asleep(fixture, until: "2026-01-02T00:00:00Z")
            fixture.clock.set(.at("2026-01-02T00:00:00Z"))
            try await asleep(fixture, until: "2026-01-03T00:00:00Z")
        }
        #expect(try fixture.runs(.queued).count == 300)
    }

    @Test func `An instant that another process of the past fired does not run again (fault E102)`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("{cron: '0 * * * *', concurrencyPolicy: Allow}"))
        let cursor = try #require(try fixture.reader.scheduleCursors()["morning"])
        try await running(scheduler(fixture)) { _ in
            try await asleep(fixture, until: "01:00:00")
            // The cursor moves behind the scheduler's back.
            _ = try fixture.store.fire(
                ScheduleFiring(
                    cursor: cursor, next: .at("01:00:00"),
                    run: NewRun(
                        target: .agent("brief"), revision: 1, scheduledAt: .at("01:00:00"), notBefore: .at("01:00:00")),
                    at: .at("01:00:00")))
            fixture.clock.set(.at("01:00:00"))
            try await asleep(fixture, until: "02:00:00")
        }
        #expect(try fixture.times(.queued) == ["01:00"])
    }
}
