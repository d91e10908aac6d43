import Agents
import HTTPTestSupport
import Outbound
import State
import Synchronization
import Testing
import Values

@Suite("Secret canaries", .timeLimit(.minutes(1)))
struct SecretCanaryTests {
    private static let keys = [
        "MODEL_KEY": "canary/model+key", "TOOL_KEY": "canary-tool-key", "OTHER": "canary-other-key",
    ]

    private static func holdsCanary(_ text: String) -> Bool {
        let forms = keys.values.flatMap { key in
            [
                key, key.replacing("/", with: "%2F").replacing("+", with: "%2B"),
                String(Base64.text(key.utf8).dropLast(3)),
            ]
        }
        return forms.contains { text.contains($0) }
    }

    /// A service that says back everything it was told, in several forms.
    private static func echo(_ request: HTTPTestRequest, status: Int) -> HTTPTestReply {
        let headers = request.headers.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
        let others = keys.values.sorted().joined(separator: " ")
        let base64 = keys.values.sorted().map { Base64.text("user:\($0)".utf8) }.joined(separator: " ")
        return HTTPTestReply(status, "\(headers)\n\(others)\n\(base64)")
    }

    private static func tool(_ name: String, _ url: String, key: String) -> String {
        manifest(
            "Tool", name,
            "description: x\nhttp: {url: '\(url)', auth: {bearer: {env: \(key)}}, allowPrivateNetworks: true}")
    }

    @Test("no secret that comes back from a tool is recorded, told to the model, or given back (fault H135)")
    func toolAnswers() async throws {
        let service: HTTPTestServer.Answer = { Self.echo($0, status: $0.target == "/fails" ? 500 : 200) }
        try await HTTPTestServer.answering(service).run { server in
            var fixture = RunFixture(manifests: [
                manifest(
                    "Provider", "model", "type: openai\nbaseURL: http://127.0.0.1:1/v1\napiKey: {env: MODEL_KEY}"),
                RunFixture.agent("tools: [works, fails]"), Self.tool("works", "\(server.url)/works", key: "TOOL_KEY"),
                Self.tool("fails", "\(server.url)/fails", key: "OTHER"),
            ])
            fixture.environment = Self.keys
            let told = Mutex("")
            let result = try await fixture.run { request in
                told.withLock { $0 += JSON.array(request.messages.map(\.json)).canonicalText }
                if request.step == 1 { return .calls(("works", "{}"), ("fails", #"{"x":"canary-other-key"}"#)) }
                return .text("the key is canary-tool-key, and canary%2Fmodel%2Bkey")
            }
            #expect(
                server.requests.map { $0.values("authorization") } == [
                    ["Bearer canary-tool-key"], ["Bearer canary-other-key"],
                ])
            #expect(result.output == "the key is [redacted], and [redacted]")
            // The model's own words come back to it; what tools said does not carry a secret.
            let ownWords = #"\"x\":\"canary-other-key\""#
            #expect(!Self.holdsCanary(told.withLock { $0.replacing(ownWords, with: "").replacing("\\", with: "") }))
            #expect(!Self.holdsCanary(fixture.steps.text))
            #expect(fixture.steps.text.contains("[redacted]"))
            #expect(!Self.holdsCanary(fixture.transcript.text))
            #expect(fixture.transcript.text.contains("[redacted]"))
        }
    }

    @Test("no secret is in the error of a failing provider, tool or template")
    func errors() async throws {
        try await HTTPTestServer.answering({ Self.echo($0, status: 400) }).run { server in
            let provider = manifest(
                "Provider", "model",
                "type: openai\nbaseURL: \(server.url)/v1\napiKey: {env: MODEL_KEY}\nheaders: {X-Other: {env: OTHER}}")
            var fixture = RunFixture(manifests: [
                provider, RunFixture.agent(), Self.tool("fails", server.url, key: "TOOL_KEY"),
            ])
            fixture.environment = Self.keys
            let agent = try await fixture.run()
            #expect(agent.reason == .provider)
            #expect(!Self.holdsCanary("\(agent)"))
            let tool = try await fixture.run(.tool("fails"), input: ["x": "canary-tool-key"])
            #expect(tool.error?.contains("[redacted]") == true)
            #expect(!"\(tool)".contains("canary-tool"))
            #expect(!fixture.steps.text.contains("canary-tool"))
            #expect(server.requests.count == 2)
        }
    }
}
