import HTTPTestSupport
import TestSupport
import Testing
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Shutting down")
struct ShutdownTests {
    @Test("SIGTERM, SIGINT and SIGHUP end an idle `serve` with 0", arguments: [SIGTERM, SIGINT, SIGHUP])
    func isIdle(_ signal: Int32) async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let serve = try await fleet.serve()
        serve.process.send(signal)
        #expect(try await serve.process.wait() == 0, "\(serve.process.stderr)")
        #expect(!fleet.repository.directory.exists(".writ/control.sock"))
    }

    @Test("Running work ends within the grace period, and is recorded")
    func workEnds() async throws {
        let gate = Gate()
        let service = HTTPTestServer.answering { _ in
            HTTPTestReply.later(ModelService.answer("Just in time.")) { await gate.pass() }
        }
        try await service.run { model in
            let fleet = try ModelService.fleet(model.url)
            let serve = try await working(fleet, model)
            serve.process.send(SIGTERM)
            // No more requests are taken, while the run goes on.
            try await waitUntil("the port is closed") {
                await (try? serve.get("/healthz")) == nil
            }
            #expect(serve.process.exitStatus == nil)
            gate.open()
            #expect(try await serve.process.wait() == 0, "\(serve.process.stderr)")
            let runs = try #require(try await fleet.json("runs")["items"]?.array)
            #expect(runs.count == 1)
            #expect(runs.first?["state"]?.string == "succeeded")
            #expect(runs.first?["attempt"]?.int == 1)
            #expect(runs.first?["output"]?.string == "Just in time.")
        }
    }

    @Test("What does not end within the grace period waits for the next start (fault E93)")
    func workIsGivenBack() async throws {
        let service = HTTPTestServer.answering { _ in HTTPTestReply(raw: "", after: .stall) }
        try await service.run { model in
            let fleet = try ModelService.fleet(model.url)
            let serve = try await working(fleet, model, "--grace", "1s")
            #expect(try await serve.terminate() == 0, "\(serve.process.stderr)")
            let told = serve.log.compactMap { $0["message"]?.string }
            #expect(told.contains("stopping: 1 runs under way, grace 1s"))
            let back = try #require(serve.log.first { $0["message"]?.string?.hasPrefix("given back") == true })
            #expect(back["attempt"] == 1)
            #expect(told.last == "stopped")
            let runs = try #require(try await fleet.json("runs")["items"]?.array)
            #expect(runs.count == 1)
            #expect(runs.first?["state"]?.string == "queued")
        }
    }

    @Test("A `writ run` that waits is told that the run goes on")
    func waiterIsTold() async throws {
        let service = HTTPTestServer.answering { _ in HTTPTestReply(raw: "", after: .stall) }
        try await service.run { model in
            let fleet = try ModelService.fleet(model.url)
            let serve = try await ServeProcess.start(["--grace", "1s"], on: fleet)
            try await serve.logged("applied a revision")
            async let waiting = fleet.writ("run", "greeter", "--input", "Greet Ada")
            try await waitUntil("the model is asked") { model.requests.count == 1 }
            #expect(try await serve.terminate() == 0, "\(serve.process.stderr)")
            let told = try await waiting
            #expect(told.status == 1, "\(told)")
            let runs = try #require(try await fleet.json("runs")["items"]?.array)
            let id = try #require(runs.first?["id"]?.string)
            #expect(told.stderr.contains("writ serve is stopping; the run goes on: see `writ runs \(id)`"), "\(told)")
            #expect(runs.map { $0["state"]?.string } == ["queued"])
        }
    }

    @Test("A second signal ends it at once, and the run is found again at the next start")
    func isImpatient() async throws {
        let service = HTTPTestServer.answering { _ in HTTPTestReply(raw: "", after: .stall) }
        try await service.run { model in
            let fleet = try ModelService.fleet(model.url)
            let serve = try await working(fleet, model)
            serve.process.send(SIGTERM)
            try await waitUntil("the port is closed") {
                await (try? serve.get("/healthz")) == nil
            }
            serve.process.send(SIGTERM)
            #expect(try await serve.process.wait() == 1)
            let runs = try #require(try await fleet.json("runs")["items"]?.array)
            #expect(runs.map { $0["state"]?.string } == ["running"])
        }
    }

    /// `serve` with a run that waits for its model.
    private func working(
        _ fleet: Fleet, _ model: HTTPTestServer, _ arguments: String...
    ) async throws -> ServeProcess {
        let serve = try await ServeProcess.start(arguments, on: fleet)
        try await serve.logged("applied a revision")
        let accepted = try await serve.sendPullRequest(
            try Examples.pullRequest("quickstart"), to: ModelService.hook, secret: ModelService.secret, delivery: "1")
        #expect(accepted.status == 202, "\(accepted)")
        try await waitUntil("the model is asked") { model.requests.count == 1 }
        return serve
    }
}
