import Apply
import Foundation
import Spec
import State
import Testing
import Values

/// What `plan -o json` prints against `schemas/plan.schema.json`.
@Suite struct PlanSchemaTests {
    private static func schema() throws -> JSONSchema {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try Data(contentsOf: root.appendingPathComponent("schemas/plan.schema.json"))
        return try JSONSchema(try JSON(parsing: Array(bytes)))
    }

    private func violations(_ fixture: ImpactFixture, backtest: Backtest? = nil) throws -> [String] {
        var plan = fixture.plan
        plan.impact = Impact(
            of: plan, declared: fixture.declared, applied: fixture.applied, zones: ImpactFixture.zones,
            recorded: RecordedFacts(runsInFlight: ["morning": 2], catchUpRuns: ["morning": 1], backtest: backtest))
        return try Self.schema().validate(plan.json).map { "\($0)" }
    }

    @Test func `a plan from nothing, one without changes and one to nothing`() throws {
        #expect(try violations(ImpactFixture([:], ImpactFixture.desk)) == [])
        #expect(try violations(ImpactFixture(ImpactFixture.desk, ImpactFixture.desk)) == [])
        #expect(try violations(ImpactFixture(ImpactFixture.desk, [:])) == [])
    }

    @Test func `edits of everything, with routed events`() throws {
        let news = "description: News.\nhttp: {url: 'https://new.example.com/v1', allowPrivateNetworks: true}"
        let fixture = try ImpactFixture(
            ImpactFixture.desk,
            ImpactFixture.desk([
                "style.md": "Other.\n", "news.yaml": manifest("Tool", "news", news),
                "run.yaml": manifest("Tool", "run", "description: Runs.\nmcp: {command: [runner]}"),
                "ask.yaml": manifest("Tool", "ask-brief", "description: Asks more.\nagent: brief"),
                "morning.yaml": manifest(
                    "Trigger", "morning", "tool: run\nschedule: {cron: '30 2 * * *', timeZone: Europe/Berlin}"),
                "on-push.yaml": manifest(
                    "Trigger", "on-push",
                    "agent: brief\nwebhook: {source: github, events: [push, star], secret: {env: HOOK}}"),
            ]), at: "2026-03-28T12:00:00Z")
        var tester = Backtester(
            changes: fixture.plan.changes, declared: fixture.declared, applied: fixture.applied)
        for name in ["push", "star", "issues"] {
            tester.add(
                event: "evt_\(name)",
                EventFacts(endpoint: .trigger("on-push"), name: name, payload: [:], receivedAt: ApplyFixture.start))
        }
        #expect(tester.result.rows.count == 2)
        #expect(try violations(fixture, backtest: tester.result) == [])
    }

    @Test func `an agent that is suspended, and one that is no longer`() throws {
        func desk(_ suspended: Bool) -> [String: String] {
            ImpactFixture.desk([
                "brief.yaml": manifest(
                    "Agent", "brief",
                    "model: {provider: openai, name: small}\nprompt: style\ntools: [news]\nsuspend: \(suspended)")
            ])
        }
        for suspended in [true, false] {
            let fixture = try ImpactFixture(desk(!suspended), desk(suspended))
            #expect(fixture.impact.schedules.map(\.trigger) == ["morning"])
            #expect(try violations(fixture) == [])
        }
    }

    @Test func `what is kept and what was altered`() throws {
        let before = try ApplyFixture.catalog(["u.yaml": user("u"), "v.yaml": user("v", "role: admin")])
        let after = try ApplyFixture.catalog(["v.yaml": user("v", "role: admin")])
        var plan = ApplyFixture.planner.plan(
            after, commit: String(repeating: "a", count: 40), applied: before, basis: .nothing,
            asOf: ApplyFixture.start, prunes: false)
        let altered = before.resources.map {
            AppliedResource(
                id: $0.id, manifest: ["spec": ["role": "developer"]], digest: $0.digest, place: $0.place,
                sinceRevision: 1)
        }
        plan.note(altered: altered, declared: after, alteration: 1)
        #expect(plan.kept.count == 1 && plan.drift.map(\.outcome) == [.unknown, .restored])
        #expect(try Self.schema().validate(plan.json).map { "\($0)" } == [])
    }

    @Test func `the schema refuses a member that it does not know`() throws {
        var plan = try ImpactFixture([:], ImpactFixture.desk).plan.json.object ?? [:]
        var impact = try #require(plan["impact"]?.object)
        impact["surprise"] = true
        plan["impact"] = .object(impact)
        #expect(try !Self.schema().validate(.object(plan)).isEmpty)
    }
}
