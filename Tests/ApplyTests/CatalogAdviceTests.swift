import Apply
import Spec
import TestSupport
import Testing
import Values

@Suite struct CatalogAdviceTests {
    private func warnings(_ changes: [String: String?]) throws -> [String] {
        try ImpactFixture(ImpactFixture.desk, ImpactFixture.desk(changes)).impact.warnings.map {
            "\($0.place.path): \($0.code.rawValue): \($0.message)"
        }
    }

    @Test func `a desk whose agents are used, awake and calm is warned of nothing`() throws {
        #expect(try warnings([:]).isEmpty)
    }

    @Test func `an agent that no trigger, tool or team names`() throws {
        #expect(
            try warnings(["on-push.yaml": nil]) == [
                "triage.yaml: unused-agent: nothing uses Agent/triage: no trigger, tool or team names it"
            ])
        #expect(
            try warnings(["on-push.yaml": nil, "team.yaml": manifest("Team", "desk", "agents: [triage]")])
                .isEmpty)
    }

    @Test func `a schedule that fires over a thousand times a day`() throws {
        func trigger(_ cron: String) -> [String: String?] {
            ["morning.yaml": manifest("Trigger", "morning", "agent: brief\nschedule: {cron: '\(cron)'}")]
        }
        #expect(
            try warnings(trigger("* * * * *")) == [
                "morning.yaml: frequent-schedule: Trigger/morning fires 1440 times a day"
            ])
        #expect(try warnings(trigger("*/2 * * * *")).isEmpty)
    }

    @Test func `a jitter that is longer than the time between two firings, where they may not overlap`() throws {
        func trigger(_ schedule: String) -> [String: String?] {
            ["morning.yaml": manifest("Trigger", "morning", "agent: brief\nschedule: {\(schedule)}")]
        }
        #expect(
            try warnings(trigger("cron: '0,5 * * * *', jitter: 6m")) == [
                "morning.yaml: long-jitter: Trigger/morning fires every 5m and delays starts by up to 6m:"
                    + " concurrencyPolicy Forbid skips what comes meanwhile"
            ])
        #expect(try warnings(trigger("cron: '59 23,0 * * *', jitter: 1h, concurrencyPolicy: Replace")).isEmpty)
        #expect(try warnings(trigger("cron: '0,59 0,23 * * *', jitter: 2m, concurrencyPolicy: Replace")).count == 1)
        #expect(try warnings(trigger("cron: '0,5 * * * *', jitter: 6m, concurrencyPolicy: Allow")).isEmpty)
        #expect(try warnings(trigger("cron: '0,5 * * * *', jitter: 5m")).isEmpty)
    }

    @Test func `what uses something suspended, unless it rests itself`() throws {
        let text = try #require(ImpactFixture.desk["brief.yaml"])
        let brief = text.replacing("spec:\n", with: "spec:\n  suspend: true\n")
        #expect(
            try warnings(["brief.yaml": brief]).map { $0.prefix { $0 != "," } } == [
                "ask.yaml: suspended-reference: Tool/ask-brief uses Agent/brief",
                "morning.yaml: suspended-reference: Trigger/morning uses Agent/brief",
            ])
        let morning = try #require(ImpactFixture.desk["morning.yaml"])
        let resting = morning.replacing("spec:\n", with: "spec:\n  suspend: true\n")
        #expect(try warnings(["brief.yaml": brief, "morning.yaml": resting]).count == 1)
    }

    @Test func `a trigger that listens to what its repository's webhook is not asked to send`() throws {
        func warnings(_ repository: String, _ trigger: String) throws -> [String] {
            try self.warnings([
                "shop.yaml": manifest(
                    "Repository", "shop",
                    "url: https://github.com/acme/shop\ncredentials: {env: TOKEN}\nwebhook: {secret: {env: HOOK}, \(repository)}"
                ),
                "listen.yaml": manifest(
                    "Trigger", "listen",
                    "agent: brief\nwebhook: {source: github, repository: shop, secret: {env: HOOK}, \(trigger)}"),
            ])
        }
        let events = "events: [push, issues.opened, '*.created']"
        #expect(
            try warnings("manage: true, events: [push, release.published]", events) == [
                "listen.yaml: unknown-event: Repository/shop has GitHub send no `issues`"
            ])
        #expect(try warnings("manage: true, events: [push, issues.closed]", events).isEmpty)
        #expect(try warnings("manage: true, events: ['*']", events).isEmpty)
        #expect(try warnings("manage: true", events).isEmpty)
        #expect(try warnings("events: [push]", events).isEmpty)
    }

    @Test func `validate tells them as a plan does, and none where something is broken`() throws {
        func load(_ changes: [String: String?]) throws -> [String] {
            try CatalogLoader(zones: ApplyFixture.zones).load(MemorySnapshot(ImpactFixture.desk(changes))).advised()
                .diagnostics.filter { $0.code != .notActive }.map(\.code.rawValue)
        }
        let often = ["morning.yaml": manifest("Trigger", "morning", "agent: brief\nschedule: {cron: '* * * * *'}")]
        #expect(try load([:]).isEmpty)
        #expect(try load(often.mapValues(Optional.some)) == ["frequent-schedule"])
        #expect(try load(["on-push.yaml": nil]) == ["unused-agent"])
        #expect(try load(["on-push.yaml": "kind: Trigger\n"]).contains("unused-agent") == false)
    }

    @Test func `they stand among the plan's warnings`() throws {
        let plan = try ImpactFixture(ImpactFixture.desk, ImpactFixture.desk(["on-push.yaml": nil])).plan
        #expect(plan.json["warnings"]?.array?.compactMap { $0["code"]?.string }.contains("unused-agent") == true)
        #expect(PlanText.render(plan, color: false).contains("[unused-agent]"))
    }
}
