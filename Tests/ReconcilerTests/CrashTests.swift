import GRDB
import HTTPTestSupport
import TestSupport
import Testing
import Values

@Suite("After a crash")
struct CrashTests {
    @Test("A run that was under way is found again and succeeds once (fault E89)")
    func runIsFound() async throws {
        let first = Gate()
        let service = HTTPTestServer.answering { _ in
            guard first.openFirst() else { return HTTPTestReply(200, ModelService.answer("Welcome back.")) }
            return HTTPTestReply(raw: "", after: .stall)
        }
        try await service.run { model in
            let fleet = try ModelService.fleet(model.url)
            let before = try await fleet.serve()
            try await before.logged("applied a revision")
            let accepted = try await before.sendPullRequest(
                try Examples.pullRequest("quickstart"), to: ModelService.hook, secret: ModelService.secret,
                delivery: "1")
            #expect(accepted.status == 202, "\(accepted)")
            try await waitUntil("the model is asked") { model.requests.count == 1 }
            let id = try await before.onlyRun("running")["id"]
            try await before.crash()

            let after = try await fleet.serve()
            let run = try await after.onlyRun("succeeded")
            #expect(run["id"] == id)
            #expect(run["attempt"]?.int == 2)
            #expect(run["output"]?.string == "Welcome back.")
            #expect(run["event"]?.string == (try accepted.json["event"]?.string))
            #expect(model.requests.count == 2)
            let again = try await after.sendPullRequest(
                try Examples.pullRequest("quickstart"), to: ModelService.hook, secret: ModelService.secret,
                delivery: "1")
            #expect(again.status == 200, "\(again)")
            #expect(try await after.terminate() == 0)
        }
    }

    @Test("A schedule fires what was missed while nothing ran, and no instant twice")
    func instantsAreCaughtUp() async throws {
        var files = try Examples.files("quickstart")
        files["triggers/every-minute.yaml"] = files["triggers/every-minute.yaml"]?
            .replacing(#"{cron: "* * * * *"}"#, with: #"{cron: "* * * * *", catchUp: all, concurrencyPolicy: Allow}"#)
        let fleet = try Fleet(files)
        _ = try await fleet.json("apply")
        // As if the last look at the clock had been three minutes ago.
        let queue = try DatabaseQueue(path: fleet.statePath)
        try await queue.write { db in try db.execute(sql: "UPDATE schedule_cursor SET instant = instant - 180000") }
        try queue.close()

        let before = try await fleet.serve()
        try await waitUntil("three runs") {
            try await before.runs().count { $0["state"]?.string == "succeeded" } >= 3
        }
        try await before.crash()
        let after = try await fleet.serve()
        var runs: [JSON] = []
        try await waitUntil("the end of all runs") {
            runs = try await after.runs()
            return runs.allSatisfy { $0["state"]?.string == "succeeded" }
        }
        let instants = runs.compactMap { $0["scheduledAt"]?.string }
        #expect(instants.count == runs.count)
        #expect(Set(instants).count == instants.count, "\(instants)")
        #expect(runs.allSatisfy { $0["trigger"]?.string == "every-minute" })
        #expect(try await after.terminate() == 0)
    }
}
