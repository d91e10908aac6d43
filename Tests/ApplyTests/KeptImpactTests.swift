import Apply
import Spec
import State
import TestSupport
import Testing
import Values

/// What is kept in force with `prune: false` is part of what a plan leads to.
@Suite("The impact of a plan that keeps what is no longer declared")
struct KeptImpactTests {
    private static let webhook = "webhook: {source: github, events: [push], secret: {env: HOOK}}"

    private func agent(_ more: String) -> String {
        manifest("Agent", "a", "model: {provider: p, name: m}\nsystemPrompt: Be brief.\n\(more)")
    }

    private func files(_ agent: String, tool: String) -> [String: String] {
        [
            "a.yaml": agent, "p.yaml": manifest("Provider", "p", "type: openai"),
            "t.yaml": manifest("Tool", "news", "description: \(tool)\nhttp: {url: 'https://news.example.com/v1'}"),
        ]
    }

    /// A trigger is in force that no file declares any more.
    private func plan(
        _ trigger: String, _ agent: String, from former: String = "tools: [news]", tool: String = "News.",
        _ events: [EventFacts] = []
    ) throws -> Plan {
        var before = files(self.agent(former), tool: "News.")
        before["k.yaml"] = trigger
        let state = AppliedState(
            revision: nil,
            resources: try ApplyFixture.catalog(before).resources.map {
                AppliedResource(
                    id: $0.id, manifest: $0.manifest, digest: $0.digest, place: $0.place, sinceRevision: 1)
            })
        let loaded = try CatalogLoader(zones: ApplyFixture.zones).load(
            MemorySnapshot(files(agent, tool: tool)))
        let outcome = CommitReader.whole("c0ffee", below: "", loaded, against: state, program: "this one")
        guard case .reading(let reading) = outcome else {
            throw Unreadable(diagnostics: loaded.diagnostics)
        }
        var plan = ApplyFixture.planner.plan(
            reading.declared, commit: "c0ffee", applied: reading.applied,
            basis: Plan.Basis(revision: 3, commit: "b0"), asOf: ApplyFixture.start, prunes: false)
        var tester = Backtester(of: plan, reading)
        for (number, event) in events.enumerated() { tester.add(event: "e\(number)", event) }
        plan.impact = Impact(
            of: plan, reading, zones: ApplyFixture.zones, recorded: RecordedFacts(backtest: tester.result))
        return plan
    }

    private struct Unreadable: Error {
        let diagnostics: [Diagnostic]
    }

    @Test func `a way that opens from a kept webhook is told`() throws {
        let trigger = manifest("Trigger", "k", "agent: a\n\(Self.webhook)")
        let plan = try plan(trigger, agent("tools: [news]"), from: "")
        let reach = try #require(plan.impact?.reach)
        #expect(
            reach.lines == [
                "Trigger/k -> Agent/a -> Tool/news -> host news.example.com  (takes untrusted input)"
            ])
        #expect(reach.ways.first?.isUntrusted == true)
        // The trigger's file is not in the commit: it is told where the change is.
        let diagnostics = reach.diagnostics(isRefused: true)
        #expect(diagnostics.map(\.place.path) == ["a.yaml"])
        let message = try #require(diagnostics.first?.message)
        #expect(message.hasSuffix("; Trigger/k, which stood at k.yaml:1:1, is kept (prune is off)"), "\(message)")
    }

    @Test func `a kept webhook is in the blast radius, and its agent is not unused`() throws {
        let trigger = manifest("Trigger", "k", "agent: a\n\(Self.webhook)")
        let plan = try plan(trigger, agent("tools: [news]\nlimits: {maxSteps: 2}"), tool: "All the news.")
        let radius = try #require(plan.impact?.blastRadius.first)
        #expect(radius.name == "Tool/news")
        #expect(radius.webhooks.names == ["k"])
        #expect(plan.impact?.warnings.map(\.text) == [])
    }

    @Test func `recorded events of a kept webhook go on as before`() throws {
        let event = EventFacts(
            endpoint: .trigger("k"), name: "push", payload: [:], receivedAt: ApplyFixture.start)
        let plan = try plan(
            manifest("Trigger", "k", "agent: a\n\(Self.webhook)"), agent("limits: {maxSteps: 2}"), [event])
        #expect(plan.impact?.backtest?.events == 1)
        #expect(plan.impact?.backtest?.rows.map(\.reason) == [])
    }

    @Test func `a kept schedule stops with its agent`() throws {
        let plan = try plan(
            manifest("Trigger", "k", "agent: a\nschedule: {cron: '0 9 * * *'}"), agent("suspend: true"))
        let impact = try #require(plan.impact?.schedules.first)
        #expect(impact.trigger == "k" && impact.lost == 7)
        // Its file is not in the commit: nobody could mend it there.
        #expect(plan.impact?.warnings.map(\.text) == [])
    }
}
