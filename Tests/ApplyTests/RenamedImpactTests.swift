import Apply
import Spec
import Testing
import Values

@Suite struct RenamedImpactTests {
    /// The desk with its webhook and one of its agents under other names.
    private static func renamed() throws -> [String: String] {
        let push = manifest(
            "Trigger", "on-commit", "agent: sorter\nwebhook: {source: github, events: [push], secret: {env: HOOK}}")
        let triage = try #require(ImpactFixture.desk["triage.yaml"])
        return ImpactFixture.desk([
            "on-push.yaml": push.replacing("{name: on-commit}", with: "{name: on-commit, renamedFrom: on-push}"),
            "triage.yaml": triage.replacing("{name: triage}", with: "{name: sorter, renamedFrom: triage}"),
        ])
    }

    @Test func `another name opens no way and changes no route`() throws {
        let fixture = try ImpactFixture(ImpactFixture.desk, Self.renamed())
        #expect(fixture.plan.changes.map(\.action) == [.rename, .rename])
        #expect(fixture.impact.reach.isEmpty, "\(fixture.impact.reach.lines)")
        var tester = Backtester(
            changes: fixture.plan.changes, declared: fixture.declared, applied: fixture.applied)
        tester.add(
            event: "evt_1",
            EventFacts(endpoint: .trigger("on-push"), name: "push", payload: [:], receivedAt: ApplyFixture.start))
        #expect(tester.result.events == 1)
        #expect(tester.result.isEmpty, "\(tester.result.rows)")
    }
}
