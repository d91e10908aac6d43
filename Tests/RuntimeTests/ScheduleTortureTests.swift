import Foundation
import Runtime
import State
import TestSupport
import Testing
import Values

/// Schedules under a clock that jumps, in a zone with summer time, in a process that begins again and again. Every
/// instant must have run, or have a row that says why not: once. `make torture` goes through more steps.
@Suite(.timeLimit(.minutes(20))) struct ScheduleTortureTests {
    private static let steps =
        (ProcessInfo.processInfo.environment["WRIT_TORTURE_CRASHES"].flatMap { Int($0) } ?? 5) * 10

    private struct Schedule {
        let name: String
        let cron: String
        var zone = "America/New_York"
        var rest = "concurrencyPolicy: Allow"
    }

    private static let schedules = [
        Schedule(
            name: "quarter", cron: "*/15 * * * *", rest: "concurrencyPolicy: Allow, catchUp: all, catchUpWindow: 2h"),
        Schedule(name: "gap", cron: "30 2 * * *"), Schedule(name: "overlap", cron: "30 1 * * *"),
        Schedule(name: "weekday", cron: "0 9 * * mon-fri", zone: "Europe/Berlin", rest: "concurrencyPolicy: Replace"),
        Schedule(name: "hourly", cron: "0 * * * *", zone: "UTC", rest: "concurrencyPolicy: Forbid, catchUp: none"),
        Schedule(name: "half", cron: "15,45 */3 * * *", zone: "Australia/Lord_Howe"),
    ]

    private static var manifests: String {
        RuntimeFixture.manifests()
            + schedules.map {
                "\n---\n"
                    + RuntimeFixture.trigger(
                        $0.name, "schedule: {cron: '\($0.cron)', timeZone: \($0.zone), \($0.rest)}")
            }.joined()
    }

    private func scheduler(_ fixture: RuntimeFixture) -> Scheduler {
        Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: RuntimeFixture.zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    private func next(_ schedule: Schedule, after instant: Instant) throws -> Instant {
        let zone = try RuntimeFixture.zones.zone(named: schedule.zone)
        return try #require(try CronExpression(schedule.cron).next(after: instant, in: zone))
    }

    /// Waits until everything up to the clock is decided.
    private func decided(_ fixture: RuntimeFixture) async throws {
        try await waitUntil("all schedules are decided", timeout: .seconds(60)) {
            let cursors = try fixture.reader.scheduleCursors()
            let now = fixture.clock.now()
            return try Self.schedules.allSatisfy { schedule in
                guard let cursor = cursors[schedule.name] else { return false }
                return try next(schedule, after: cursor.instant) > now
            }
        }
    }

    @Test("Jumps of the clock, summer time and restarts lose and double no instant (faults E98, E99, E100, E102)")
    func instants() async throws {
        var random = SeededRandom(20_260_308)
        // Begins the day before clocks go forward in New York.
        let start = Instant.at("2026-03-07T12:00:00Z")
        var fixture = try RuntimeFixture(Self.manifests, now: start)
        var latest = start
        var figures = (restarts: 0, forward: 0, back: 0, applied: 0)
        var step = 0
        while step < Self.steps {
            let life = fixture
            let count = Int.random(in: 1...8, using: &random)
            try await running(scheduler(life)) { _ in try await decided(life) }
            for _ in 0..<count {
                step += 1
                let jump: Duration
                var isPassed = true
                switch Int.random(in: 0..<10, using: &random) {
                case 0:
                    jump = .seconds(Int64.random(in: 86_400...(40 * 86_400), using: &random))
                    isPassed = Bool.random(using: &random)
                case 1, 2:
                    jump = .seconds(-Int64.random(in: 60...(3 * 86_400), using: &random))
                    figures.back += 1
                case 3:
                    try life.apply(Self.manifests.replacing("Be brief.", with: "Be brief (\(step))."))
                    figures.applied += 1
                    continue
                default: jump = .seconds(Int64.random(in: 1...7_200, using: &random))
                }
                if jump > .zero { figures.forward += 1 }
                let now = life.clock.now().advanced(by: jump)
                try await running(scheduler(life)) { [isPassed] _ in
                    if isPassed { life.clock.set(now) } else { life.clock.leap(to: now) }
                    try await decided(life)
                }
                latest = max(latest, life.clock.now())
            }
            fixture = try RuntimeFixture(restarting: life, now: life.clock.now())
            figures.restarts += 1
        }
        // What was skipped by a clock that was ahead, and has not come since, is no more.
        let (last, end) = (fixture, max(latest, fixture.clock.now()))
        try await running(scheduler(last)) { _ in
            last.clock.set(end)
            try await decided(last)
        }
        var total = 0
        for schedule in Self.schedules {
            let instants = try accounted(schedule, in: fixture)
            var expected: [Instant] = []
            var instant = try next(schedule, after: start)
            while instant <= latest {
                expected.append(instant)
                instant = try next(schedule, after: instant)
            }
            #expect(instants == expected, "\(schedule.name): \(instants.count) of \(expected.count)")
            total += expected.count
        }
        print(
            "\(figures.forward) jumps forward, \(figures.back) back, \(figures.restarts) restarts, \(figures.applied)"
                + " revisions: \(total) instants, each decided once")
    }

    /// Every instant that ran or has a row, in order; one that has two stands there twice.
    private func accounted(_ schedule: Schedule, in fixture: RuntimeFixture) throws -> [Instant] {
        var instants: [Instant] = []
        var before: String?
        repeat {
            let page = try fixture.reader.runs(Page(limit: 500, before: before), RunFilter(trigger: schedule.name))
            for run in page.items {
                let last = try #require(run.scheduledAt)
                guard run.state == .skipped else {
                    instants.append(last)
                    continue
                }
                #expect(run.reason?.isEmpty == false)
                var instant = run.missedSince ?? last
                var count = 0
                while instant <= last {
                    instants.append(instant)
                    count += 1
                    instant = try next(schedule, after: instant)
                }
                #expect(count == run.missed, "\(schedule.name): \(run.missed) until \(last)")
            }
            before = page.next
        } while before != nil
        return instants.sorted()
    }
}
