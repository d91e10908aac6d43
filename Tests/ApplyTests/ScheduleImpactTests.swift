import Apply
import Spec
import Testing
import Values

@Suite struct ScheduleImpactTests {
    private static let parts = [
        "p.yaml": manifest("Provider", "openai", "type: openai"),
        "brief.yaml": manifest("Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi"),
    ]

    private func files(_ schedule: String?) -> [String: String] {
        var files = Self.parts
        files["t.yaml"] = schedule.map { manifest("Trigger", "t", "agent: brief\n\($0)") }
        return files
    }

    private func impacts(
        _ before: String?, _ after: String?, at instant: String = "2026-01-01T00:00:00Z",
        recorded: RecordedFacts = RecordedFacts()
    ) throws -> [ScheduleImpact] {
        try ImpactFixture(files(before), files(after), at: instant, recorded: recorded).impact.schedules
    }

    @Test func `a new schedule shows its next five firings and gains a week of runs`() throws {
        let impact = try #require(try impacts(nil, "schedule: {cron: '30 9 * * *'}").first)
        #expect(impact.before == nil)
        #expect(
            impact.after?.next.map(\.instant.rfc3339) == [
                "2026-01-01T09:30:00Z", "2026-01-02T09:30:00Z", "2026-01-03T09:30:00Z", "2026-01-04T09:30:00Z",
                "2026-01-05T09:30:00Z",
            ])
        #expect(impact.gained == 7)
        #expect(impact.lost == 0)
    }

    @Test func `a changed schedule counts only the instants that differ`() throws {
        let impact = try #require(
            try impacts("schedule: {cron: '0 */6 * * *'}", "schedule: {cron: '0 */4 * * *'}").first)
        // Of 0 4 8 12 16 20 the hours 0 and 12 were there before; 6 and 18 go.
        #expect(impact.gained == 4 * 7)
        #expect(impact.lost == 2 * 7)
        #expect(impact.before?.cron == "0 */6 * * *")
        #expect(impact.after?.cron == "0 */4 * * *")
    }

    @Test func `another zone is another time`() throws {
        let impact = try #require(
            try impacts(
                "schedule: {cron: '0 9 * * *'}", "schedule: {cron: '0 9 * * *', timeZone: Europe/Berlin}"
            ).first)
        #expect(impact.gained == 7)
        #expect(impact.lost == 7)
        #expect(impact.after?.next.first?.local == "2026-01-01T09:00:00+01:00")
        #expect(impact.after?.next.first?.instant.rfc3339 == "2026-01-01T08:00:00Z")
    }

    @Test func `the firing after the clocks are set is marked`() throws {
        let impact = try #require(
            try impacts(
                nil, "schedule: {cron: '30 2 * * *', timeZone: Europe/Berlin}", at: "2026-03-28T00:00:00Z"
            ).first)
        let next = try #require(impact.after?.next)
        #expect(next.map(\.clockChange) == [0, 3_600, 0, 0, 0])
        // The clock jumps from 02:00 to 03:00: the job runs right after.
        #expect(next[1].local == "2026-03-29T03:00:00+02:00")
        #expect(impact.gained == 7)
    }

    @Test func `what comes or goes with no firing in the next week does not fire as before`() throws {
        let yearly = "schedule: {cron: '0 12 30 6 *'}"
        let cases: [(String?, String?)] = [(nil, yearly), (yearly, nil), (yearly, "suspend: true\n\(yearly)")]
        for (before, after) in cases {
            let text = PlanText.render(try ImpactFixture(files(before), files(after)).plan, color: false)
            #expect(text.contains("Trigger/t: 0 gained and 0 lost in the next 7 days"), "\(text)")
        }
        let moved = try ImpactFixture(files(yearly), files("schedule: {cron: '0 12 30 7 *'}")).plan
        #expect(PlanText.render(moved, color: false).contains("fires as before in the next 7 days"))
    }

    @Test func `removing and suspending lose every run, resuming gains them`() throws {
        let schedule = "schedule: {cron: '0 9 * * *'}"
        for after in [nil, "suspend: true\n\(schedule)", "webhook: {source: github, secret: {env: A}}"] {
            let impact = try #require(try impacts(schedule, after).first)
            #expect(impact.after == nil)
            #expect(impact.gained == 0 && impact.lost == 7)
        }
        #expect(try impacts("suspend: true\n\(schedule)", schedule).first?.gained == 7)
        #expect(try impacts("suspend: true\n\(schedule)", nil).isEmpty)
    }

    private static let daily = "schedule: {cron: '0 9 * * *'}"

    /// - Parameter suspended: whether the agent is
    private func files(_ trigger: String?, suspended: Bool) -> [String: String] {
        var files = files(trigger)
        files["brief.yaml"] = manifest(
            "Agent", "brief", "model: {provider: openai, name: small}\nsystemPrompt: Hi\nsuspend: \(suspended)")
        return files
    }

    @Test func `an agent that is suspended gains no runs, and the plan says so`() throws {
        for before in [nil, "schedule: {cron: '0 8 * * *'}"] {
            let fixture = try ImpactFixture(
                files(before, suspended: true), files(Self.daily, suspended: true),
                recorded: RecordedFacts(catchUpRuns: ["t": 1]))
            let impact = try #require(fixture.impact.schedules.first)
            #expect(impact.gained == 0 && impact.lost == 0 && impact.catchUpRuns == 0)
            #expect(impact.isSuspended?.description == "Agent/brief")
            let text = PlanText.render(fixture.plan, color: false)
            #expect(text.contains("Trigger/t: 0 gained and 0 lost in the next 7 days"), "\(text)")
            #expect(text.contains("none of them runs while Agent/brief is suspended\n"), "\(text)")
            let json = fixture.plan.json.value(atPath: "impact.schedules.0")
            #expect(json?["suspended"] == ["kind": "Agent", "name": "brief"])
        }
    }

    @Test func `suspending an agent lists the schedules that stop, and ending that those that go on`() throws {
        let stopped = try ImpactFixture(files(Self.daily, suspended: false), files(Self.daily, suspended: true))
        let impact = try #require(stopped.impact.schedules.first)
        #expect(impact.gained == 0 && impact.lost == 7)
        #expect(
            PlanText.render(stopped.plan, color: false).contains("none of them runs while Agent/brief is suspended"))
        let resumed = try ImpactFixture(files(Self.daily, suspended: true), files(Self.daily, suspended: false))
        let back = try #require(resumed.impact.schedules.first)
        #expect(back.gained == 7 && back.lost == 0)
        #expect(back.isSuspended == nil && back.wasSuspended?.name == "brief")
        #expect(
            PlanText.render(resumed.plan, color: false).contains("none of them ran while Agent/brief was suspended"))
    }

    @Test func `suspending a tool stops the schedules that run it, and no others`() throws {
        func files(_ suspended: Bool) -> [String: String] {
            ImpactFixture.desk([
                "news.yaml": manifest(
                    "Tool", "news",
                    "description: News.\nhttp: {url: 'https://news.example.com/v1'}\nsuspend: \(suspended)"),
                "noon.yaml": manifest("Trigger", "noon", "tool: news\nschedule: {cron: '0 12 * * *'}"),
                "rests.yaml": manifest(
                    "Trigger", "rests", "tool: news\nsuspend: true\nschedule: {cron: '0 12 * * *'}"),
            ])
        }
        let schedules = try ImpactFixture(files(false), files(true)).impact.schedules
        #expect(schedules.map(\.trigger) == ["noon"])
        #expect(schedules.map(\.lost) == [7])
    }

    @Test func `a change that leaves the times alone gains and loses nothing`() throws {
        let impact = try #require(
            try impacts("schedule: {cron: '0 9 * * *'}", "schedule: {cron: '0 9 * * *', catchUp: all}").first)
        #expect(impact.gained == 0 && impact.lost == 0)
        #expect(try impacts("schedule: {cron: '0 9 * * *'}", "schedule: {cron: '0 9 * * *'}\npriority: 1").isEmpty)
    }

    @Test func `runs in flight keep the old revision, and are said of changed triggers alone`() throws {
        let before = "schedule: {cron: '0 9 * * *'}"
        let changed = try impacts(before, before + "\npriority: 1", recorded: RecordedFacts(runsInFlight: ["t": 2]))
        #expect(changed.map(\.runsInFlight) == [2])
        #expect(changed.first?.gained == 0)
        #expect(try impacts(before, before, recorded: RecordedFacts(runsInFlight: ["t": 2])).isEmpty)
    }

    @Test func `runs that were missed are said where the change lets them start`() throws {
        let schedule = "schedule: {cron: '0 9 * * *'}"
        let recorded = RecordedFacts(catchUpRuns: ["t": 1])
        let resumed = try ImpactFixture(files("suspend: true\n\(schedule)"), files(schedule), recorded: recorded)
        #expect(resumed.impact.schedules.first?.catchUpRuns == 1)
        #expect(PlanText.render(resumed.plan, color: false).contains("1 missed run starts when this is applied"))
        #expect(try impacts(schedule, schedule + "\npriority: 1", recorded: recorded).isEmpty)
    }

    @Test func `a schedule of every minute is counted whole`() throws {
        #expect(try impacts(nil, "schedule: {cron: '* * * * *'}").first?.gained == 7 * 1_440)
    }

    @Test func `counting stops where there are too many`() throws {
        var after = Self.parts
        for number in 0..<102 {
            after["t\(number).yaml"] = manifest("Trigger", "t\(number)", "agent: brief\nschedule: {cron: '* * * * *'}")
        }
        let impacts = try ImpactFixture(Self.parts, after).impact.schedules
        #expect(impacts.count == 102)
        #expect(impacts.first?.gained == 10_080)
        #expect(impacts.last?.gained == nil)
        #expect(impacts.last?.after?.next.count == 5)
    }

    @Test func `the text shows both sides in the zone and in UTC`() throws {
        let plan = try ImpactFixture(
            files("schedule: {cron: '0 9 * * *'}"),
            files("schedule: {cron: '30 2 * * *', timeZone: Europe/Berlin}"), at: "2026-03-28T12:00:00Z"
        ).plan
        let text = PlanText.render(plan, color: false)
        #expect(text.contains("Trigger/t: 7 gained and 7 lost in the next 7 days"))
        #expect(text.contains("- 0 9 * * * (UTC)"))
        #expect(text.contains("+ 30 2 * * * (Europe/Berlin)"))
        #expect(
            text.contains("2026-03-29T03:00:00+02:00  2026-03-29T01:00:00Z  (clocks set forward by 1 h before)"))
    }
}
