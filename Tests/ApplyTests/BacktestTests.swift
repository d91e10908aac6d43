import Apply
import Spec
import Testing
import Values

@Suite struct BacktestTests {
    private func result(_ changes: [String: String?], _ events: [EventFacts]) throws -> Backtest {
        let fixture = try ImpactFixture(ImpactFixture.desk, ImpactFixture.desk(changes))
        var tester = Backtester(
            changes: fixture.plan.changes, declared: fixture.declared, applied: fixture.applied)
        for (index, event) in events.enumerated() { tester.add(event: "evt_\(index)", event) }
        return tester.result
    }

    private func event(_ name: String, _ payload: JSON = [:], at trigger: String = "on-push") -> EventFacts {
        EventFacts(
            endpoint: .trigger(trigger), name: name, payload: payload, receivedAt: Instant(seconds: 1_767_225_600))
    }

    private func trigger(_ spec: String) -> [String: String?] {
        ["on-push.yaml": manifest("Trigger", "on-push", spec)]
    }

    @Test func `events that begin to match, no longer match, or match the same`() throws {
        let change = trigger("agent: triage\nwebhook: {source: github, events: [issues], secret: {env: HOOK}}")
        let result = try result(change, [event("push"), event("issues.opened"), event("star")])
        #expect(result.events == 3)
        #expect(result.rows.map(\.outcome) == [.passes, .matches])
        #expect(result.rows.map(\.event) == ["evt_0", "evt_1"])
        #expect(result.rows.first?.before == Agent.id("triage"))
        #expect(result.rows.first?.reason == "event `push` is not among the trigger's events")
        #expect(result.rows.last?.after == Agent.id("triage"))
    }

    @Test func `events that go to another agent`() throws {
        let change = trigger("agent: brief\nwebhook: {source: github, events: [push], secret: {env: HOOK}}")
        let result = try result(change, [event("push")])
        #expect(result.rows.map(\.outcome) == [.redirected])
        #expect(result.rows.first?.before == Agent.id("triage"))
        #expect(result.rows.first?.after == Agent.id("brief"))
    }

    @Test func `conditions look into the payload, and its values are not shown`() throws {
        let change = trigger(
            "agent: triage\nwebhook: {source: github, events: [push], secret: {env: HOOK}}\n"
                + "match: [{path: payload.ref, equals: refs/heads/main}]")
        let events = [event("push", ["ref": "refs/heads/main"]), event("push", ["ref": "refs/heads/canary"])]
        let result = try result(change, events)
        #expect(result.rows.map(\.event) == ["evt_1"])
        #expect(result.rows.first?.reason == "condition does not hold: payload.ref equals \"refs/heads/main\"")
        #expect(!"\(result)".contains("canary"))
    }

    @Test func `events of a trigger that is deleted are heard by nobody`() throws {
        let result = try result(["on-push.yaml": nil], [event("push")])
        #expect(result.rows.map(\.outcome) == [.passes])
        #expect(result.rows.first?.reason == "no trigger hears of it any more")
    }

    @Test func `what changes nothing about routing gives no rows`() throws {
        let result = try result(["style.md": "Other."], [event("push"), event("star")])
        #expect(result.events == 2)
        #expect(result.isEmpty)
    }
}
