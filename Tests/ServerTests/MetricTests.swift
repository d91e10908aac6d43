import Server
import Spec
import State
import TestSupport
import Testing
import Values

@Suite struct MetricTests {
    @Test func `writes the text format`() {
        let text = PrometheusText.write([
            MetricFamily("writ_a_total", .counter, "One \\ two\nthree.", 2),
            MetricFamily("writ_none", .gauge, "Left out.", nil),
            MetricFamily(
                "writ_b", .gauge, "Labels.",
                [MetricFamily.Sample(0.5, [MetricFamily.Label("x", "a\"b\\c\nd"), MetricFamily.Label("y", "é")])]),
            MetricFamily("writ_a_total", .counter, "One \\ two\nthree.", 3),
        ])
        #expect(
            text == #"""
                # HELP writ_a_total One \\ two\nthree.
                # TYPE writ_a_total counter
                writ_a_total 2
                writ_a_total 3
                # HELP writ_b Labels.
                # TYPE writ_b gauge
                writ_b{x="a\"b\\c\nd",y="é"} 0.5

                """#)
    }

    @Test func `says what operators hold by hand, what drifted and what was removed`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        func metrics() async throws -> [String] {
            try await serving(fixture) { try await $0.get("/metrics") }.text.split(separator: "\n").map(String.init)
        }
        let before = try await metrics()
        for line in [
            #"writ_overrides{kind="Agent"} 0"#, #"writ_suspended_by_hand{kind="Trigger"} 0"#, "writ_drift_resources 0",
            "writ_stale_resources 0", "writ_deleted_resources 0",
        ] {
            #expect(before.contains(line))
        }
        try fixture.store.override(
            ResourceID(kind: .agent, name: "brief"),
            [FieldOverride(pointer: FieldOverride.suspendPointer, value: true)],
            reason: "loops", actor: "ada", until: nil, at: ServerFixture.start)
        _ = try fixture.store.cleanUp(.events, .standard, now: ServerFixture.start)
        let after = try await metrics()
        for line in [
            #"writ_overrides{kind="Agent"} 1"#, #"writ_suspended_by_hand{kind="Agent"} 1"#,
            #"writ_retention_removed_total{part="events"} 0"#,
        ] {
            #expect(after.contains(line))
        }
        #expect(after.contains { $0.hasPrefix(#"writ_retention_last_pass_timestamp_seconds{part="events"} "#) })
    }

    @Test func `serves what the state says, each family once`() async throws {
        let fixture = try ServerFixture()
        try fixture.applyUsual()
        try fixture.finishedRun()
        let extra = MetricFamily("writ_hooks_refused_total", .counter, "Refused.", 7)
        let answer = try await serving(fixture, metrics: { [extra] }) { try await $0.get("/metrics") }
        #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        let lines = answer.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.last == "")
        for keyword in ["# HELP ", "# TYPE "] {
            let names = lines.filter { $0.hasPrefix(keyword) }.map { $0.split(separator: " ")[2] }
            #expect(names.count == Set(names).count)
            #expect(names.count > 10)
        }
        for line in [
            #"writ_build_info{version="1.2.3"} 1"#, "writ_revision 1", "writ_events_total 1",
            #"writ_runs{state="succeeded"} 1"#, #"writ_runs{state="failed"} 0"#,
            #"writ_deliveries{state="queued"} 0"#, #"writ_tokens_total{agent="brief",direction="input"} 1200"#,
            #"writ_last_reconcile_outcome{outcome="applied"} 1"#, #"writ_resources{kind="Agent"} 2"#,
            "writ_hooks_refused_total 7", #"writ_revision_info{commit="\#(ServerFixture.commit)"} 1"#,
        ] {
            #expect(lines.contains(line))
        }
    }
}
