import Foundation
import TestSupport
import Testing
import Values

@Suite("Retrying, replaying and trying out")
struct OperationTests {
    private static let secret = "It's a Secret to Everybody"

    private func desk() throws -> Fleet {
        var desk = try Fleet(try Examples.files("research-desk"))
        desk.environment = ["SIGNALS_WEBHOOK_SECRET": Self.secret]
        return desk
    }

    @Test("An event is replayed through the server that runs, and its run can be retried or put aside")
    func replay() async throws {
        let desk = try desk()
        let serve = try await desk.serve()
        try await serve.logged("applied a revision")
        let sent = try await serve.sendPullRequest(
            try Examples.pullRequest("research-desk"), to: "/hooks/repositories/signals", secret: Self.secret,
            delivery: "d-1")
        let event = try #require(try sent.json["event"]?.string)
        let first = try await serve.onlyRun("succeeded")
        let replayed = try await desk.json("events", "replay", event)
        let run = try #require(replayed["runs"]?[0]?.string)
        #expect(replayed["event"]?.string != event)
        #expect(run != first["id"]?.string)
        try await waitUntil("the second run") {
            try await desk.json("runs")["items"]?.array?.filter { $0["state"]?.string == "succeeded" }.count == 2
        }
        let refused = try await desk.writ("runs", "retry", run)
        #expect(refused.status == 1)
        #expect(refused.stderr.contains("is succeeded: retry takes runs that are"), "\(refused)")
        let nobody = try await desk.writ("runs", "cancel", "run_nobody")
        #expect(nobody.status == 1)
        #expect(nobody.stderr.contains("there is no run run_nobody"), "\(nobody)")
        #expect(try await serve.terminate() == 0)

        // Where nobody serves, the command does it itself.
        let offline = try await desk.json("events", "replay", event, "--to", "triage-signals")
        let queued = try #require(offline["runs"]?[0]?.string)
        #expect(try await desk.json("runs", "discard", queued)["operation"]?.string == "discard")
        #expect(try await desk.writ("runs", queued).stdout.contains("discarded by "))
        #expect(try await desk.writ("runs", "retry", queued).stdout == "\(queued) queued\n")
    }

    @Test("A body is tried out against the working tree, with no state and no secret")
    func tryOut() async throws {
        let desk = try desk()
        let body = desk.repository.directory.path("payload.json")
        try Data(try Examples.pullRequest("research-desk")).write(to: URL(fileURLWithPath: body))
        let tried = try await desk.writ(
            "events", "test", "payload.json", "--source", "github", "--header", "X-GitHub-Event: pull_request")
        #expect(tried.status == 0, "\(tried)")
        #expect(tried.stdout.contains("event pull_request.opened"), "\(tried)")
        #expect(tried.stdout.contains("+ Trigger/triage-signals runs Agent/"), "\(tried)")
        #expect(tried.stdout.contains("Pull request 2 in example-desk/signals"), "\(tried)")
        let json = try await desk.json(
            "events", "test", "payload.json", "--source", "github", "--header", "X-GitHub-Event: push")
        #expect(json["events"]?[0]?["triggers"]?[0]?["outcome"]?.string == "pass")
        let wrong = try await desk.writ("events", "test", "payload.json", "--source", "github")
        #expect(wrong.status == 1)
        #expect(wrong.stderr.contains("X-GitHub-Event is missing"), "\(wrong)")
        #expect(try await desk.writ("events", "test", "nowhere.json", "--source", "github").status == 1)
        #expect(!FileManager.default.fileExists(atPath: desk.statePath))
    }
}
