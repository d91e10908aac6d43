import Agents
import HTTPTestSupport
import State
import Testing
import Values

@Suite("Agent loop", .timeLimit(.minutes(1)))
struct AgentLoopTests {
    private static func tool(_ server: HTTPTestServer, _ more: String = "") -> String {
        manifest(
            "Tool", "news",
            """
            description: Finds news.
            parameters: {type: object, properties: {q: {type: string}}, required: [q], additionalProperties: false}
            http: {url: '\(server.url)/find', query: {q: '{{q}}'}, allowPrivateNetworks: true}
            \(more)
            """)
    }

    private static func fixture(_ server: HTTPTestServer, _ agent: String, tool more: String = "") -> RunFixture {
        RunFixture(manifests: [RunFixture.provider, RunFixture.agent(agent), tool(server, more)])
    }

    @Test("asks the model, calls what it calls, asks again, and records every step with its tokens")
    func conversation() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "up 3 %") }).run { server in
            let fixture = Self.fixture(server, "tools: [news]")
            let result = try await fixture.run { request in
                guard request.step == 2 else { return .calls(("news", #"{"q":"a&b"}"#)) }
                return .text("said: " + (request.messages.last?.content ?? "nothing"))
            }
            #expect(result.output == "said: up 3 %")
            #expect(result.usage.tokensIn == 20)
            #expect(result.usage.tokensOut == 2)
            #expect(result.usage.model == "m-1")
            #expect(server.requests.map(\.target) == ["/find?q=a%26b"])

            let steps = fixture.steps.all
            #expect(steps.map(\.kind) == [.model, .tool, .model])
            #expect(steps.map(\.name) == ["m", "news", "m"])
            #expect(steps.map(\.tokensIn) == [10, 0, 10])
            #expect(steps.allSatisfy { $0.finishedAt != nil && $0.error == nil })
            #expect(steps[1].request == ["q": "a&b"])
            #expect(steps[1].response == "up 3 %")
            #expect(steps[0].request?["messages"]?.array?.count == 2)
            #expect(steps[2].request?["messages"]?[1]?["content"] == "up 3 %", "only what is new is recorded again")
        }
    }

    @Test("stops after maxSteps model calls, and calls no tool whose result nobody would see (fault H139)")
    func maxSteps() async throws {
        try await HTTPTestServer.answering({ request in HTTPTestReply(200, request.target) }).run { server in
            let fixture = Self.fixture(server, "tools: [news]\nlimits: {maxSteps: 3}")
            let result = try await fixture.run { .calls(("news", #"{"q":"\#($0.step)"}"#)) }
            #expect(result.reason == .maxSteps)
            #expect(result.isRetryable == false)
            #expect(result.error?.contains("3 model calls") == true)
            #expect(result.usage.tokensIn == 30)
            #expect(fixture.steps.all.map(\.kind) == [.model, .tool, .model, .tool, .model])
            #expect(server.requests.count == 2)
        }
    }

    @Test("stops when the tokens are used up and there is more to do, and asks for no more than are left")
    func tokenBudget() async throws {
        try await HTTPTestServer.answering({ request in HTTPTestReply(200, request.target) }).run { server in
            var fixture = Self.fixture(server, "tools: [news]\nlimits: {maxTokens: 25}")
            let result = try await fixture.run { .calls(("news", #"{"q":"\#($0.step)"}"#)) }
            #expect(result.reason == .tokenBudget)
            #expect(result.usage.tokensIn == 30)
            #expect(server.requests.count == 2)

            fixture.manifests[1] = manifest(
                "Agent", "a",
                """
                model: {provider: model, name: m, maxOutputTokens: 20}
                systemPrompt: x
                limits: {maxTokens: 25}
                tools: [news]
                """
            )
            let capped = try await fixture.run { request in
                request.step == 1 ? .calls(("news", #"{"q":"1"}"#)) : .text("\(request.maxOutputTokens ?? 0)")
            }
            #expect(capped.output == "14")
        }
    }

    @Test("stops a model that gets the same of the same call for the third time (fault H140)")
    func repetition() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "same") }).run { server in
            let fixture = Self.fixture(server, "tools: [news]")
            let result = try await fixture.run { request in
                // The same arguments, written in two ways.
                .calls(("news", request.step == 2 ? #"{ "q" : "x" }"# : #"{"q":"x"}"#))
            }
            #expect(result.reason == .loop)
            #expect(result.isRetryable == false)
            #expect(server.requests.count == 3)
        }
    }

    @Test("a call that cannot be right is told to the model and never made (fault H143)")
    func wrongCalls() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "sent") }).run { server in
            let fixture = Self.fixture(server, "tools: [news]")
            let result = try await fixture.run { request in
                guard request.step == 2 else {
                    return .calls(
                        ("delete-all", "{}"), ("news", #"{"q": "cut"#), ("news", "[]"), ("news", #"{"q": 7}"#),
                        ("news", #"{"q":"x","host":"evil"}"#), ("news", ""))
                }
                let types = request.messages.suffix(6).map { message in
                    let json = message.content.flatMap { try? JSON(parsing: $0) }
                    return json?["error"]?["type"]?.string ?? "none"
                }
                return .text(types.joined(separator: " "))
            }
            let wrong = Array(repeating: "invalid-arguments", count: 5).joined(separator: " ")
            #expect(result.output == "unknown-tool " + wrong)
            #expect(server.requests.isEmpty)
            let steps = fixture.steps.all
            #expect(steps.count == 8)
            #expect(steps[1...6].allSatisfy { $0.error != nil })
            #expect(steps[4].error?.contains("/q") == true, "says where")
        }
    }

    @Test("a call that needs approval, or a kind that is not active, ends the run; nothing of that answer is called")
    func obstacles() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "sent") }).run { server in
            var fixture = Self.fixture(server, "tools: [news, {name: publish, approval: required}, page]")
            fixture.manifests.append(
                manifest("Tool", "publish", "description: x\nhttp: {url: '\(server.url)', allowPrivateNetworks: true}"))
            fixture.manifests.append(manifest("Tool", "page", "description: x\nbuiltin: {name: fetch-page}"))
            let approval = try await fixture.run { _ in .calls(("news", #"{"q":"x"}"#), ("publish", #"{"to":"all"}"#)) }
            #expect(approval.reason == .approvalRequired)
            #expect(approval.error?.contains("publish") == true)
            #expect(approval.isRetryable == false)
            let step = try #require(fixture.steps.all.last)
            #expect(step.name == "publish")
            #expect(step.request == ["to": "all"])
            #expect(step.error != nil)

            let inactive = try await fixture.run { _ in .calls(("news", #"{"q":"x"}"#), ("page", "{}")) }
            #expect(inactive.reason == .notActive)
            #expect(inactive.error?.contains("builtin") == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("an agent cannot waive the approval that its tool asks for")
    func approvalOfTool() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "sent") }).run { server in
            let fixture = Self.fixture(server, "tools: [{name: news, approval: none}]", tool: "approval: required")
            let result = try await fixture.run { _ in .calls(("news", #"{"q":"x"}"#)) }
            #expect(result.reason == .approvalRequired)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a suspended tool is not called, and the model is told; a suspended agent does not run")
    func suspended() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "sent") }).run { server in
            let fixture = Self.fixture(server, "tools: [news]", tool: "suspend: true")
            let result = try await fixture.run { request in
                request.step == 1 ? .calls(("news", #"{"q":"x"}"#)) : .text(request.messages.last?.content ?? "")
            }
            #expect(result.output?.contains(#""type":"suspended""#) == true)
            #expect(server.requests.isEmpty)

            let agent = RunFixture(manifests: [RunFixture.provider, RunFixture.agent("suspend: true")])
            #expect(try await agent.run { _ in .text("ran") }.reason == .suspended)
            #expect(agent.steps.all.isEmpty)
        }
    }

    @Test("a model that answers nothing fails the run", arguments: [("stop", true), ("length", false)])
    func emptyAnswer(finish: String, isRetryable: Bool) async throws {
        let fixture = RunFixture(manifests: [RunFixture.provider, RunFixture.agent()])
        let result = try await fixture.run { _ in .text(" \n", finish: finish) }
        #expect(result.reason == .emptyAnswer)
        #expect(result.isRetryable == isRetryable)
        #expect(result.error?.contains(finish) == true)
    }

    @Test("refuses an answer with more calls than are made at once")
    func tooManyCalls() async throws {
        let fixture = RunFixture(manifests: [RunFixture.provider, RunFixture.agent()])
        let result = try await fixture.run { _ in
            let calls = (1...33).map { ToolCall(id: "\($0)", name: "x", argumentsText: "{}") }
            return ChatAnswer(
                message: .assistant(nil, toolCalls: calls), finishReason: nil, usage: TokenUsage(), model: "m")
        }
        #expect(result.reason == .tooManyCalls)
        #expect(fixture.steps.all.count == 1)
    }

    @Test("does not go on when a step cannot be recorded")
    func recording() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "sent") }).run { server in
            let fixture = Self.fixture(server, "tools: [news]", tool: "effect: write")
            fixture.steps.refuse { $0.number == 2 }
            let result = try await fixture.run { _ in .calls(("news", #"{"q":"x"}"#)) }
            #expect(result.reason == .notRecorded)
            #expect(server.requests.isEmpty)
        }
    }
}
