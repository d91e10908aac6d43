import Foundation
import TestSupport
import Testing
import Values

@Suite("What a plan does beyond its resources")
struct ImpactTests {
    private static let secret = "it-is-a-secret"
    private static let trigger = "triggers/greet-pull-request.yaml"

    /// The quick start without its schedule.
    private func desk() throws -> Fleet {
        var files = try Examples.files("quickstart")
        files["triggers/every-minute.yaml"] = nil
        var desk = try Fleet(files)
        desk.environment["QUICKSTART_WEBHOOK_SECRET"] = Self.secret
        return desk
    }

    @Test("A recorded event is routed through the new configuration, and nothing runs")
    func isBacktested() async throws {
        let desk = try desk()
        let serve = try await desk.serve()
        try await serve.logged("applied a revision")
        let accepted = try await serve.sendPullRequest(
            try Examples.pullRequest("quickstart"), to: ModelService.hook, secret: Self.secret, delivery: "1")
        let event = try #require(try accepted.json["event"]?.string)
        _ = try await serve.onlyRun("succeeded")
        #expect(try await serve.terminate() == 0)

        try desk.edit(Self.trigger, "pull_request.opened", "issues")
        let state = try desk.stateBytes()
        let backtest = try await desk.json("plan").value(atPath: "impact.backtest")
        #expect(backtest?["events"] == 1)
        #expect(backtest?["rows"]?.array?.count == 1)
        #expect(backtest?["rows"]?[0]?["event"]?.string == event)
        #expect(backtest?["rows"]?[0]?["outcome"] == "passes")
        #expect(try desk.stateBytes() == state)
        #expect(try await desk.json("plan", "--events", "0").value(atPath: "impact.backtest.events") == 0)

        let text = try await desk.writ("plan")
        #expect(text.stdout.contains("of the last 1 events: 0 now start a run, 1 no longer do"), "\(text)")
    }

    @Test("Resuming a schedule says which missed run starts at once")
    func countsMissedRuns() async throws {
        let desk = try Fleet(try Examples.files("quickstart"))
        try desk.edit("triggers/every-minute.yaml", "agent: greeter", "agent: greeter\n  suspend: true")
        _ = try await desk.json("apply")
        try desk.edit("triggers/every-minute.yaml", "suspend: true", "suspend: false")
        let later = Instant(seconds: Int64(Date().timeIntervalSince1970) + 600).rfc3339
        let resumed = try await desk.json("plan", "--at", later).value(atPath: "impact.schedules.0")
        #expect(resumed?["trigger"] == "every-minute")
        #expect(resumed?["catchUpRuns"] == 1)
        #expect(resumed?["gained"] == 10_080)
    }

    @Test("`--fail-on new-reach` fails on a new way from untrusted input to a secret, and on nothing less")
    func failsOnNewReach() async throws {
        let desk = try desk()
        try desk.commit([
            "channels/out.yaml": """
            apiVersion: writ/v1
            kind: Channel
            metadata: {name: out}
            spec: {webhook: {url: "https://out.example.com/in", secret: {env: OUT_SECRET}}}

            """
        ])
        let unreached = try await desk.writ("diff", "HEAD^..HEAD", "--fail-on", "new-reach")
        #expect(unreached.status == 0, "\(unreached)")

        try desk.edit(Self.trigger, "agent: greeter", "agent: greeter\n  deliver: [out]")
        let diff = try await desk.writ("diff", "HEAD^..HEAD", "--fail-on", "new-reach")
        #expect(diff.status == 1, "\(diff)")
        let way = "Trigger/greet-pull-request -> Channel/out -> environment variable OUT_SECRET"
        #expect(diff.stdout.contains("\(way)  (takes untrusted input)"), "\(diff)")
        #expect(diff.stderr.contains("2 new ways"), "\(diff)")
        let plan = try await desk.writ("plan", "--fail-on", "new-reach", "--detailed-exitcode")
        #expect(plan.status == 1, "\(plan)")
        #expect(try await desk.writ("diff", "HEAD^..HEAD", "--detailed-exitcode").status == 2)
        let state = desk.repository.directory.exists(".writ/state.db")
        #expect(!state, "neither plan nor diff makes a state")
    }

    @Test("A token in a manifest is refused and not repeated")
    func refusesPlaintext() async throws {
        let desk = try desk()
        let token = ["ghp", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"].joined(separator: "_")
        try desk.edit("prompts/greeter.md", "one friendly sentence", "one sentence with \(token)")
        for command in [["validate"], ["plan"], ["diff", "HEAD^..HEAD"], ["apply"]] {
            let refused = try await desk.writ(command)
            #expect(refused.status == 1, "\(refused)")
            #expect((refused.stdout + refused.stderr).contains("[plaintext-secret]"), "\(refused.arguments)")
            #expect(!(refused.stdout + refused.stderr).contains(token), "\(refused.arguments)")
        }
    }
}
