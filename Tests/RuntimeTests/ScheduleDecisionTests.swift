import Runtime
import Spec
import Testing
import Values

@Suite struct ScheduleDecisionTests {
    /// Decides again and again, as the scheduler does, until nothing is left up to `now`.
    private func decide(
        _ cron: String, zone: String = "UTC", from cursor: String, now: String,
        _ catchUp: Trigger.Schedule.CatchUp = .latest, window: Duration = .seconds(3_600), suspension: String? = nil
    ) throws -> [String] {
        let rule = ScheduleRule(
            cron: try CronExpression(cron), zone: try RuntimeFixture.zones.zone(named: zone), catchUp: catchUp,
            catchUpWindow: window, suspension: suspension)
        var lines: [String] = []
        var cursor = Instant.at(cursor)
        while true {
            let decision = ScheduleDecision(rule, cursor: cursor, now: .at(now))
            for skip in decision.skipped {
                lines.append("skip \(skip.count) \(skip.since)..\(skip.last): \(skip.reason)")
            }
            if let instant = decision.fires { lines.append("run \(instant)") }
            cursor = decision.cursor
            guard decision.isBehind else { return lines }
        }
    }

    @Test func `Before its instant nothing is due, and the next one is known`() throws {
        let rule = ScheduleRule(
            cron: try CronExpression("0 9 * * *"), zone: .utc, catchUp: .latest, catchUpWindow: .seconds(3_600))
        let decision = ScheduleDecision(rule, cursor: .at("08:00:00"), now: .at("08:59:59"))
        #expect(decision.fires == nil && decision.skipped.isEmpty)
        #expect(decision.cursor == .at("08:00:00"))
        #expect(decision.next == .at("09:00:00"))
    }

    @Test func `What ran while the clock was ahead is left out, and rows for many in a row end there`() throws {
        func decide(
            _ catchUp: Trigger.Schedule.CatchUp, window: Duration, known: String...
        ) throws -> (ScheduleDecision, [String]) {
            let rule = ScheduleRule(
                cron: try CronExpression("0 * * * *"), zone: .utc, catchUp: catchUp, catchUpWindow: window)
            let known = Set(known.map { Instant.at($0) })
            let decision = ScheduleDecision(rule, cursor: .at("00:00:00"), now: .at("06:10:00")) { instants in
                known.intersection(instants)
            }
            let rows = decision.skipped.map { "\($0.count) \($0.since.rfc3339.dropFirst(11).prefix(5))" }
            return (decision, rows)
        }
        let hour = Duration.seconds(3_600)
        let (latest, rows) = try decide(.latest, window: hour, known: "03:00:00")
        #expect(rows == ["2 01:00", "2 04:00"] && latest.fires == .at("06:00:00"))
        // The latest one ran, so that there is nothing to catch up.
        let (ran, others) = try decide(.latest, window: hour * 5, known: "02:00:00", "06:00:00")
        #expect(others == ["1 01:00", "3 03:00"] && ran.fires == nil)
        #expect(ran.cursor == .at("06:00:00") && ran.next == .at("07:00:00") && !ran.isBehind)
        let (all, none) = try decide(.all, window: hour * 6, known: "01:00:00", "02:00:00")
        #expect(none.isEmpty && all.fires == .at("03:00:00") && all.isBehind)
        let (nothing, no) = try decide(
            .none, window: .zero, known: "01:00:00", "02:00:00", "03:00:00", "04:00:00", "05:00:00", "06:00:00")
        #expect(no.isEmpty && nothing.fires == nil && nothing.cursor == .at("06:00:00") && !nothing.isBehind)
    }

    @Test func `An instant fires, and the cursor comes to it`() throws {
        let rule = ScheduleRule(
            cron: try CronExpression("0 9 * * *"), zone: .utc, catchUp: .none, catchUpWindow: .zero)
        let decision = ScheduleDecision(rule, cursor: .at("08:00:00"), now: .at("09:00:00"))
        #expect(decision.fires == .at("09:00:00"))
        #expect(decision.cursor == .at("09:00:00"))
        #expect(decision.next == .at("2026-01-02T09:00:00Z"))
    }

    @Test func `Down over three instants, the latest runs and the others are counted (fault E99)`() throws {
        #expect(
            try decide("*/15 * * * *", from: "08:00:00", now: "08:50:00") == [
                "skip 2 2026-01-01T08:15:00Z..2026-01-01T08:30:00Z: missed; catchUp runs only the latest",
                "run 2026-01-01T08:45:00Z",
            ])
    }

    @Test func `What is outside the window does not run`() throws {
        #expect(
            try decide("0 * * * *", from: "00:30:00", now: "03:30:00", window: .seconds(600)) == [
                "skip 3 2026-01-01T01:00:00Z..2026-01-01T03:00:00Z: missed more than 10m ago (catchUpWindow)"
            ])
    }

    @Test func `catchUp none runs what is on time, and nothing else`() throws {
        #expect(
            try decide("0 * * * *", from: "00:30:00", now: "02:00:10", .none) == [
                "skip 1 2026-01-01T01:00:00Z..2026-01-01T01:00:00Z: missed; catchUp none",
                "run 2026-01-01T02:00:00Z",
            ])
    }

    @Test func `catchUp all runs every instant within the window, oldest first`() throws {
        #expect(
            try decide("*/20 * * * *", from: "07:00:00", now: "09:10:00", .all) == [
                "skip 3 2026-01-01T07:20:00Z..2026-01-01T08:00:00Z: missed more than 1h ago (catchUpWindow)",
                "run 2026-01-01T08:20:00Z", "run 2026-01-01T08:40:00Z", "run 2026-01-01T09:00:00Z",
            ])
    }

    @Test func `catchUp all runs the last thousand of what was missed, and counts the others`() throws {
        let lines = try decide(
            "* * * * *", from: "00:00:00", now: "2026-01-03T00:00:00Z", .all, window: .seconds(7 * 86_400))
        #expect(lines.filter { $0.hasPrefix("run") }.count == 1_000)
        #expect(lines.last == "run 2026-01-03T00:00:00Z")
        #expect(lines.contains { $0.hasSuffix("missed; catchUp all runs at most the last 1000") })
        let skipped = lines.filter { $0.hasPrefix("skip") }.compactMap { Int($0.split(separator: " ")[1]) }
        #expect(skipped.reduce(0, +) == 2 * 1_440 - 1_000)
    }

    @Test(arguments: [999, 1_000, 1_001, 1_999, 2_000, 2_001, 5_000])
    func `catchUp all never runs more than a thousand, however many were missed`(missed: Int) throws {
        let start = Instant.at("00:00:00")
        let now = start.advanced(by: .seconds(60 * missed))
        let lines = try decide("* * * * *", from: start.rfc3339, now: now.rfc3339, .all, window: .seconds(30 * 86_400))
        let skipped = lines.filter { $0.hasPrefix("skip") }.compactMap { Int($0.split(separator: " ")[1]) }
        #expect(lines.filter { $0.hasPrefix("run") }.count == min(missed, 1_000))
        #expect(skipped.reduce(0, +) == max(missed - 1_000, 0))
        #expect(lines.last == "run \(now)")
    }

    @Test func `Forty days of minutes are a few rows and one run (fault E98)`() throws {
        let lines = try decide("* * * * *", from: "00:00:00", now: "2026-02-10T00:00:00Z")
        #expect(lines.filter { $0.hasPrefix("run") } == ["run 2026-02-10T00:00:00Z"])
        let skipped = lines.filter { $0.hasPrefix("skip") }.compactMap { Int($0.split(separator: " ")[1]) }
        #expect(skipped.reduce(0, +) == 40 * 1_440 - 1)
        #expect(lines.count < 70)
    }

    @Test func `With the clock set back, nothing happens until it passes the cursor again (fault E98)`() throws {
        #expect(try decide("* * * * *", from: "08:00:00", now: "06:00:00").isEmpty)
        #expect(try decide("* * * * *", from: "08:00:00", now: "08:00:59").isEmpty)
        #expect(try decide("* * * * *", from: "08:00:00", now: "08:01:00") == ["run 2026-01-01T08:01:00Z"])
    }

    @Test func `A suspended schedule leaves a row for what it does not run`() throws {
        #expect(
            try decide("0 * * * *", from: "00:30:00", now: "02:00:00", suspension: "the trigger is suspended") == [
                "skip 2 2026-01-01T01:00:00Z..2026-01-01T02:00:00Z: the trigger is suspended"
            ])
    }

    @Test(
        "Clock changes: the gap and the overlap run once, wildcards every real quarter (fault E100)",
        arguments: [
            // In New York the clocks go from 02:00 to 03:00 on 8 March, and from 02:00 to 01:00 on 1 November.
            ("30 2 * * *", "2026-03-08T05:00:00Z", "2026-03-08T12:00:00Z", ["2026-03-08T07:00:00Z"]),
            ("30 1 * * *", "2026-11-01T04:00:00Z", "2026-11-01T12:00:00Z", ["2026-11-01T05:30:00Z"]),
            (
                "*/30 * * * *", "2026-03-08T06:00:00Z", "2026-03-08T07:30:00Z",
                ["2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"]
            ),
        ])
    func clockChanges(cron: String, from: String, now: String, runs: [String]) throws {
        let lines = try decide(
            cron, zone: "America/New_York", from: from, now: now, .all, window: .seconds(86_400))
        #expect(lines == runs.map { "run \($0)" })
    }
}
