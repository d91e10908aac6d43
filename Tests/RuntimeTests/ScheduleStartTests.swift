import Foundation
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

/// A start looks up what fires next, and what it finds is what would be worked out.
@Suite(.timeLimit(.minutes(2))) struct ScheduleStartTests {
    private func scheduler(_ fixture: RuntimeFixture, zones: ZoneDatabase = RuntimeFixture.zones) -> Scheduler {
        Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    private func asleep(_ fixture: RuntimeFixture, until time: String) async throws {
        try await waitUntil("sleeping until \(time)") { fixture.clock.deadlines == [.at(time)] }
    }

    @Test func `an apply records when a schedule fires next, and so does each firing`() async throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(RuntimeFixture.trigger("morning", "schedule: {cron: '0 6 * * *'}")))
        func recorded() throws -> [DueSchedule] {
            try fixture.reader.dueSchedules(
                fixture.reader.scheduleBases(), after: nil, through: .at("2026-02-01T00:00:00Z"), count: 10
            ).items
        }
        #expect(try recorded().map(\.at) == [.at("06:00:00")])
        try await running(scheduler(fixture)) { _ in
            try await asleep(fixture, until: "06:00:00")
            fixture.clock.set(.at("06:00:00"))
            try await asleep(fixture, until: "2026-01-02T06:00:00Z")
        }
        #expect(try recorded().map(\.at) == [.at("2026-01-02T06:00:00Z")])
        #expect(try fixture.times(.queued) == ["06:00"])
    }

    @Test func `other time zone data makes a start work everything out again`() async throws {
        let first = try RuntimeFixture(
            RuntimeFixture.manifests(
                RuntimeFixture.trigger(
                    "morning", "schedule: {cron: '0 12 * * *', timeZone: Europe/Berlin, concurrencyPolicy: Allow}")))
        try await running(scheduler(first)) { _ in try await asleep(first, until: "11:00:00") }
        // Berlin has moved to where Tokyo is.
        let moved = ZoneDatabase { name in
            FileManager.default.contents(
                atPath: "/usr/share/zoneinfo/\(name == "Europe/Berlin" ? "Asia/Tokyo" : name)"
            ).map(Array.init)
        }
        let second = try RuntimeFixture(restarting: first, now: .at("00:30:00"))
        try await running(scheduler(second, zones: moved)) { _ in
            try await asleep(second, until: "03:00:00")
            second.clock.set(.at("03:00:00"))
            try await asleep(second, until: "2026-01-02T03:00:00Z")
        }
        #expect(try second.times(.queued) == ["03:00"])
    }

    @Test func `a schedule that was recorded without its next instant is run all the same`() async throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(RuntimeFixture.trigger("morning", "schedule: {cron: '0 6 * * *'}")))
        let cursor = try #require(try fixture.reader.scheduleCursors()["morning"])
        // As an older version leaves it: the cursor has moved, and nothing more is known.
        _ = try fixture.store.fire(
            ScheduleFiring(cursor: cursor, next: .at("01:00:00"), at: .at("01:00:00")))
        fixture.clock.set(.at("01:00:00"))
        #expect(try fixture.reader.unsettledSchedules(fixture.reader.scheduleBases()) == ["morning"])
        try await running(scheduler(fixture)) { _ in try await asleep(fixture, until: "06:00:00") }
        #expect(try fixture.reader.unsettledSchedules(fixture.reader.scheduleBases()).isEmpty)
    }

    @Test func `what an operator holds of a trigger with a schedule holds for its runs`() async throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(RuntimeFixture.trigger("morning", "schedule: {cron: '0 6 * * *'}")))
        let held = try RuntimeFixture(restarting: fixture, now: .at("00:10:00"))
        _ = try held.store.override(
            Trigger.id("morning"),
            [FieldOverride(pointer: JSONPointer(["spec", "retry", "maxAttempts"]), value: 2)], reason: "first",
            actor: "ada",
            until: nil, at: .at("00:10:00"))
        try await running(scheduler(held)) { _ in
            try await asleep(held, until: "06:00:00")
            held.clock.set(.at("06:00:00"))
            try await asleep(held, until: "2026-01-02T06:00:00Z")
        }
        #expect(try held.runs(.queued).map(\.maxAttempts) == [2])
    }

    @Test func `of very many schedules each fires at its times`() async throws {
        let times = (0..<900).map { Instant.at("01:00:00").advanced(by: .seconds(60 * ($0 % 180))) }
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                times.enumerated().map { number, _ in
                    RuntimeFixture.trigger(
                        "t\(number)", "schedule: {cron: '\(number % 60) \(number % 180 / 60 + 1) * * *'}")
                }.joined(separator: "\n---\n")))
        let restarted = try RuntimeFixture(restarting: fixture, now: .at("00:30:00"))
        try await running(scheduler(restarted)) { _ in
            try await asleep(restarted, until: "01:00:00")
            for time in ["01:00:10", "01:59:00", "02:00:00"].map({ Instant.at($0) }) {
                restarted.clock.set(time)
                let due = times.count { $0 <= time }
                try await waitUntil("\(due) fired") { restarted.metrics.snapshot.schedulesFired == due }
            }
        }
        #expect(try restarted.reader.queueCounts().runs[.queued] == times.count { $0 <= .at("02:00:00") })
    }
}
