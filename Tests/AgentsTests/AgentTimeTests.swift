import Agents
import HTTPTestSupport
import State
import Synchronization
import TestSupport
import Testing
import Values

@Suite("Agent runs, time and failing providers", .timeLimit(.minutes(1)))
struct AgentTimeTests {
    private let plain = RunFixture(manifests: [RunFixture.provider, RunFixture.agent()])

    @Test("ends when the attempt's time is up, says what it used, and may be tried again")
    func timeout() async throws {
        var fixture = RunFixture(manifests: [
            RunFixture.provider, RunFixture.agent("limits: {timeout: 50ms}\ntools: [none]"),
            manifest("Tool", "none", "description: x\nsuspend: true\nhttp: {url: 'https://example.com'}"),
        ])
        fixture.clock = ContinuousClock()
        let result = try await fixture.run { (request) async throws(ProviderError) in
            if request.step == 1 { return .calls(("none", "{}")) }
            try? await Task.sleep(for: .seconds(60))
            throw ProviderError(.cancelled, "given up")
        }
        #expect(result.reason == .timeout)
        #expect(result.error?.contains("50ms") == true)
        #expect(result.isRetryable)
        #expect(result.usage.tokensIn == 10)
        #expect(fixture.steps.all.last?.error == "given up")
    }

    @Test("a provider that fails for a while is asked again, each try being a step (fault H143)")
    func retries() async throws {
        let clock = ImpatientClock()
        var fixture = plain
        fixture.clock = clock
        let tries = Mutex(0)
        let result = try await fixture.run { (request) async throws(ProviderError) in
            #expect(request.step == 1)
            switch tries.withLock({ tries in
                tries += 1
                return tries
            }) {
            case 1: throw ProviderError(.rateLimited, "slow down", retryAfter: .seconds(30))
            case 2: throw ProviderError(.unavailable, "status 500")
            default: return .text("there")
            }
        }
        #expect(result.output == "there")
        #expect(clock.seconds == [31, 2])
        #expect(fixture.steps.all.map(\.error) == ["slow down", "status 500", nil])
    }

    @Test("gives up after four tries; the queue may try again")
    func bounded() async throws {
        let result = try await plain.run { (_) async throws(ProviderError) in throw ProviderError(.unavailable, "down")
        }
        #expect(result.reason == .provider)
        #expect(result.isRetryable)
        #expect(plain.steps.all.count == 4)
    }

    @Test("does not ask again what was rejected")
    func rejected() async throws {
        let result = try await plain.run { (_) async throws(ProviderError) in throw ProviderError(.rejected, "no") }
        #expect(result.reason == .provider)
        #expect(result.isRetryable == false)
        #expect(plain.steps.all.count == 1)
    }

    @Test("leaves a long wait that a provider asks for to the queue")
    func longWait() async throws {
        let result = try await plain.run { (_) async throws(ProviderError) in
            throw ProviderError(.rateLimited, "no", retryAfter: .seconds(600))
        }
        guard case .failed(_, .provider, true, let wait, _) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(wait == .seconds(600))
        #expect(plain.steps.all.count == 1)
    }

    @Test("a tool with side effects is recorded before it is called, and the attempt is not repeated after it")
    func sideEffects() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "done") }).run { server in
            var fixture = plain
            fixture.manifests[1] = RunFixture.agent("tools: [post]")
            fixture.manifests.append(Self.writer(server, "effect: write"))
            let model: ScriptedProvider.Answer = { (request) async throws(ProviderError) in
                if request.step == 1 { return .calls(("post", "{}")) }
                throw ProviderError(.unavailable, "down")
            }
            let result = try await fixture.run(model: model)
            #expect(result.reason == .provider)
            #expect(result.isRetryable == false)
            #expect(result.error?.contains("tool post has side effects") == true)
            let post = fixture.steps.history.filter { $0.name == "post" }
            #expect(post.map { $0.finishedAt != nil } == [false, true])
            #expect(post.allSatisfy { !$0.isRepeatable })

            fixture.manifests[2] = Self.writer(server, "effect: write\nidempotent: true")
            #expect(try await fixture.run(model: model).isRetryable)
        }
    }

    @Test(
        "a call with side effects whose answer cannot be recorded is not made again (fault E96)",
        arguments: [true, false])
    func unrecordedEffect(isAgent: Bool) async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "done") }).run { server in
            var fixture = plain
            fixture.manifests[1] = RunFixture.agent("tools: [post]")
            fixture.manifests.append(Self.writer(server, "effect: write"))
            fixture.steps.refuse { $0.name == "post" && $0.finishedAt != nil }
            let result =
                try await isAgent
                ? fixture.run { _ in .calls(("post", "{}")) } : fixture.run(.tool("post"), input: [:])
            #expect(server.requests.count == 1)
            #expect(result.reason == .unknownEffect)
            #expect(!result.isRetryable)
            #expect(result.error?.contains("post") == true)
        }
    }

    @Test("a call with side effects that the service refused may be made again")
    func refusedEffect() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(429, "later") }).run { server in
            var fixture = plain
            fixture.manifests.append(Self.writer(server, "effect: write"))
            let result = try await fixture.run(.tool("post"), input: [:])
            #expect(result.isRetryable)
            #expect(fixture.steps.history.map(\.isRepeatable) == [false, true])
        }
    }

    @Test("given up while a tool with side effects is called, the run says that its effect is not known (fault E96)")
    func cancelledWriter() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(raw: "HTTP/1.1 200 OK\r\n", after: .stall) }).run {
            server in
            var fixture = plain
            fixture.manifests[1] = RunFixture.agent("tools: [post]")
            fixture.manifests.append(Self.writer(server, "effect: write"))
            let run = Task { [fixture] in try await fixture.run { _ in .calls(("post", "{}")) } }
            try await waitUntil("the tool is called") { !server.requests.isEmpty }
            run.cancel()
            let result = try await run.value
            #expect(result.reason == .unknownEffect)
            #expect(result.isRetryable == false)
        }
    }

    @Test("given up while a model thinks, the run may be tried again")
    func cancelled() async throws {
        let asked = Mutex(false)
        let run = Task { [plain] in
            try await plain.run { (_) async throws(ProviderError) in
                asked.withLock { $0 = true }
                try? await Task.sleep(for: .seconds(60))
                throw ProviderError(.cancelled, "given up")
            }
        }
        try await waitUntil("the model is asked") { asked.withLock(\.self) }
        run.cancel()
        let result = try await run.value
        #expect(result.reason == .cancelled)
        #expect(result.isRetryable)
    }

    private static func writer(_ server: HTTPTestServer, _ more: String) -> String {
        manifest(
            "Tool", "post",
            "description: x\n\(more)\nhttp: {method: POST, url: '\(server.url)/', allowPrivateNetworks: true}")
    }
}
