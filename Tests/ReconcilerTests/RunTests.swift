import HTTPTestSupport
import TestSupport
import Testing
import Values

@Suite("Runs by hand")
struct RunTests {
    @Test("An agent runs without `serve`, and the run is recorded")
    func runsAlone() async throws {
        let fleet = try Fleet(try Examples.files("research-desk"))
        _ = try await fleet.json("apply")
        let run = try await fleet.writ("run", "summariser", "--input", "Two pull requests were merged.")
        #expect(run.status == 0, "\(run)")
        #expect(run.stdout.hasPrefix("Yesterday two pull requests were merged"), "\(run)")
        #expect(run.stderr.contains("succeeded, model replay, 210 tokens"), "\(run)")
        let runs = try #require(try await fleet.json("runs")["items"]?.array)
        #expect(runs.count == 1)
        #expect(runs.first?["agent"]?.string == "summariser")
        let detail = try await fleet.json("runs", try #require(runs.first?["id"]?.string))
        #expect(detail["input"]?.string == "Two pull requests were merged.")
        #expect(detail["steps"]?[0]?["kind"]?.string == "model")
    }

    @Test("While `serve` runs it does the work, and the answer is the same")
    func runsThroughServe() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve()
        try await serve.logged("applied a revision")
        let run = try await fleet.json("run", "agent/greeter", "--input", #"{"who": "Ada"}"#)
        #expect(run["output"]?.string?.hasPrefix("Hello, and welcome!") == true)
        #expect(run["input"] == ["who": "Ada"])
        #expect(try await serve.runs().contains { $0["id"] == run["id"] })
        let unknown = try await fleet.writ("run", "nobody")
        #expect(unknown.status == 1, "\(unknown)")
        #expect(unknown.stderr.contains("nobody"), "\(unknown)")
        let recording = try await fleet.writ("run", "greeter", "--record", "answers.jsonl")
        #expect(recording.status == 1, "\(recording)")
        #expect(recording.stderr.contains("pid \(serve.process.pid)"), "\(recording)")
        #expect(try await serve.terminate() == 0)
    }

    @Test("What a model answered is recorded, and the replay provider answers from it")
    func isRecorded() async throws {
        let service = HTTPTestServer.answering { _ in HTTPTestReply(200, ModelService.answer("Hello, Ada.")) }
        try await service.run { model in
            let fleet = try ModelService.fleet(model.url)
            _ = try await fleet.json("apply")
            let live = try await fleet.writ("run", "greeter", "--input", "Greet Ada", "--record", "recorded.jsonl")
            #expect(live.status == 0, "\(live)")
            #expect(live.stdout == "Hello, Ada.\n")
            #expect(live.stderr.contains("model local-1, 15 tokens"), "\(live)")
            let request = try JSON(parsing: try #require(model.requests.first).body)
            #expect(request["messages"]?[1]?["content"]?.string?.contains("Greet Ada") == true)

            try fleet.commit([
                "transcripts/greeter.jsonl": try fleet.read("recorded.jsonl"),
                "providers/replay.yaml": try Examples.files("quickstart")["providers/replay.yaml"],
            ])
            _ = try await fleet.json("apply")
            let replayed = try await fleet.writ("run", "greeter", "--input", "Greet Ada")
            #expect(replayed.status == 0, "\(replayed)")
            #expect(replayed.stdout == live.stdout)
            #expect(replayed.stderr.contains("model replay"), "\(replayed)")
            let missed = try await fleet.writ("run", "greeter", "--input", "Greet Ben")
            #expect(missed.status == 1, "\(missed)")
            #expect(missed.stderr.contains("no answer is recorded for agent greeter, step 1"), "\(missed)")
            #expect(model.requests.count == 1)
        }
    }

    @Test("A provider that refuses fails the run at once, and says why")
    func isRefused() async throws {
        let service = HTTPTestServer.answering { _ in
            HTTPTestReply(400, #"{"error": {"message": "no such parameter", "type": "invalid_request_error"}}"#)
        }
        try await service.run { model in
            let fleet = try ModelService.fleet(model.url)
            _ = try await fleet.json("apply")
            let run = try await fleet.writ("run", "greeter")
            #expect(run.status == 1, "\(run)")
            #expect(run.stderr.contains("no such parameter"), "\(run)")
            #expect(model.requests.count == 1)
            let agents = try await fleet.json("get", "agent", "greeter")
            #expect(agents["items"]?[0]?.value(atPath: "status.state")?.string == "failing")
        }
    }
}
