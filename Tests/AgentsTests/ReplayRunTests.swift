import Agents
import HTTPTestSupport
import State
import Testing
import Values

@Suite("Replayed run", .timeLimit(.minutes(1)))
struct ReplayRunTests {
    private static func fixture(_ server: HTTPTestServer, _ transcript: String) -> RunFixture {
        RunFixture(
            manifests: [
                manifest("Provider", "model", "type: replay\ntranscripts: answers.jsonl"),
                RunFixture.agent("tools: [news]"),
                manifest(
                    "Tool", "news",
                    "description: x\nhttp: {url: '\(server.url)/{{q}}', allowPrivateNetworks: true}"),
            ], files: ["answers.jsonl": transcript])
    }

    @Test("answers from the repository's transcript, calls real tools, and says that it is a replay")
    func replay() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "up") }).run { server in
            let fixture = Self.fixture(
                server,
                """
                {"agent":"a","step":1,"message":{"tool_calls":[{"function":{"name":"news","arguments":{"q":"btc"}}}]},"usage":{"input":7,"output":3}}
                {"agent":"a","step":2,"message":{"content":"All is well."},"usage":{"input":9,"output":4}}
                """)
            let result = try await fixture.run()
            #expect(result.output == "All is well.", "\(result)")
            #expect(result.usage.model == "replay")
            #expect(result.usage.tokensIn == 16)
            #expect(result.usage.tokensOut == 7)
            #expect(server.requests.map(\.target) == ["/btc"])
        }
    }

    @Test("says what is missing from the transcript")
    func miss() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            let fixture = Self.fixture(server, #"{"agent":"b","step":1,"message":{"content":"x"}}"#)
            let result = try await fixture.run()
            #expect(result.reason == .provider)
            #expect(result.isRetryable == false)
            #expect(result.error?.contains("answers.jsonl") == true)
            #expect(result.error?.contains("agent a, step 1") == true)
        }
    }

    @Test("what was recorded of a run answers the same run again, and no other")
    func recording() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "up") }).run { server in
            let original = Self.fixture(server, #"{"agent":"b","step":1,"message":{"content":"x"}}"#)
            let result = try await original.run {
                $0.step == 1 ? .calls(("news", #"{"q":"eth"}"#)) : .text("Recorded.")
            }
            #expect(result.output == "Recorded.")
            let again = Self.fixture(server, original.transcript.text)
            #expect(try await again.run().output == "Recorded.")
            #expect(try await again.run(input: "Something else.").reason == .provider)
        }
    }

    @Test("types of providers that are not active fail the run clearly", arguments: ["anthropic", "ollama", "letta"])
    func inactive(type: String) async throws {
        let fixture = RunFixture(manifests: [manifest("Provider", "model", "type: \(type)"), RunFixture.agent()])
        let result = try await fixture.run()
        #expect(result.reason == .notActive)
        #expect(result.error?.contains("`\(type)`") == true)
    }
}
