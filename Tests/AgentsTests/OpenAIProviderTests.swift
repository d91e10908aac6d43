import Agents
import HTTPTestSupport
import Outbound
import Synchronization
import Testing
import Values

@Suite("OpenAI provider", .timeLimit(.minutes(1)))
struct OpenAIProviderTests {
    private static let key = "sk-very-secret"
    private static let completion = #"""
        {"id":"c","object":"chat.completion","model":"gpt-4.1-mini-2025-04-14","choices":[{"index":0,"finish_reason":"stop",
        "message":{"role":"assistant","content":"Hello.","refusal":null}}],
        "usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}
        """#

    @Test("sends the conversation, the tools and the parameters")
    func request() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, Self.completion) }).run { server in
            let call = ToolCall(id: "call_1", name: "news", argumentsText: #"{"q":"btc"}"#)
            let request = ChatRequest(
                agent: "brief", step: 2, model: "gpt-4.1-mini",
                messages: [
                    .system("Be brief."), .user("News?"), .assistant(nil, toolCalls: [call]),
                    .tool("none", answering: "call_1"),
                ],
                tools: [ToolDefinition(name: "news", description: "Finds news.")],
                temperature: JSONNumber(literal: "0.2"), topP: JSONNumber(literal: "0.9"), maxOutputTokens: 800,
                stop: ["END"], seed: 7)
            let answer = try await ask(server, request)
            #expect(answer.message == .assistant("Hello."))
            #expect(answer.finishReason == "stop")
            #expect(answer.usage == TokenUsage(input: 12, output: 3))
            #expect(answer.model == "gpt-4.1-mini-2025-04-14")

            let sent = try #require(server.requests.first)
            #expect(sent.method == "POST")
            #expect(sent.target == "/v1/chat/completions")
            #expect(sent.values("authorization") == ["Bearer \(Self.key)"])
            #expect(sent.values("x-team") == ["research"])
            let wanted: JSON = [
                "model": "gpt-4.1-mini", "temperature": 0.2, "top_p": 0.9, "max_completion_tokens": 800,
                "stop": ["END"],
                "seed": 7,
                "messages": [
                    ["role": "system", "content": "Be brief."], ["role": "user", "content": "News?"],
                    [
                        "role": "assistant", "content": .null,
                        "tool_calls": [
                            [
                                "id": "call_1", "type": "function",
                                "function": ["name": "news", "arguments": #"{"q":"btc"}"#],
                            ]
                        ],
                    ],
                    ["role": "tool", "tool_call_id": "call_1", "content": "none"],
                ],
                "tools": [
                    [
                        "type": "function",
                        "function": [
                            "name": "news", "description": "Finds news.",
                            "parameters": ["type": "object", "properties": [:]],
                        ],
                    ]
                ],
            ]
            let body = try JSON(parsing: sent.body)
            #expect(body == wanted)
        }
    }

    @Test("calls tools by their presence, whatever the finish reason says", arguments: ["stop", "tool_calls"])
    func toolCalls(reason: String) async throws {
        let answer = try await answer(
            #"""
            {"choices":[{"finish_reason":"\#(reason)","message":{"content":null,"tool_calls":[
            {"id":"a","type":"function","function":{"name":"news","arguments":"{\"q\": \"btc\"}"}},
            {"function":{"name":"time","arguments":""}},
            {"id":"c","function":{"name":"sum","arguments":{"of":[1,2]}}},
            {"id":"d","function":{"name":"bad","arguments":"{\"q\": "}},
            {"id":"e","function":{"name":"list","arguments":"[1]"}}]}}]}
            """#)
        #expect(answer.toolCalls.map(\.name) == ["news", "time", "sum", "bad", "list"])
        #expect(answer.toolCalls.map(\.id) == ["a", "call_1_2", "c", "d", "e"])
        #expect(answer.toolCalls.map(\.arguments) == [["q": "btc"], [:], ["of": [1, 2]], nil, nil])
        #expect(answer.toolCalls[3].argumentsText == #"{"q": "#, "what cannot be read is kept")
        #expect(answer.message.content == nil)
        #expect(answer.usage == TokenUsage())
        #expect(answer.model == "m", "without a word from the provider, what was asked for")
    }

    @Test("reads content in parts, and a refusal as content")
    func content() async throws {
        let parts = #"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}}]}"#
        #expect(try await answer(parts).message.content == "ab")
        let refusal = #"{"choices":[{"message":{"content":null,"refusal":"No."}}]}"#
        #expect(try await answer(refusal).message.content == "No.")
    }

    @Test(
        "says what a status means",
        arguments: [
            (401, .unauthorized, false), (403, .unauthorized, false), (400, .rejected, false), (404, .rejected, false),
            (408, .unavailable, true), (429, .rateLimited, true), (500, .unavailable, true), (503, .unavailable, true),
            (529, .unavailable, true), (302, .rejected, false),
        ] as [(Int, ProviderError.Code, Bool)])
    func statuses(status: Int, code: ProviderError.Code, isRetryable: Bool) async throws {
        let body = #"{"error":{"message":"Bad key \#(Self.key)\r\nfor you","type":"t","code":null}}"#
        let error = await failure(HTTPTestReply(status, headers: [("Retry-After", "7")], body))
        #expect(error?.code == code)
        #expect(error?.isRetryable == isRetryable)
        #expect(error?.retryAfter == ([429, 408, 500, 503, 529].contains(status) ? .seconds(7) : nil))
        let message = try #require(error?.message)
        #expect(message.contains("provider main"))
        #expect(!message.contains(Self.key))
        #expect(!message.contains("\n"))
        #expect(message.contains("Bad key ***") == (code != .unauthorized))
    }

    @Test("does not try again without credit")
    func quota() async {
        let body = #"{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}"#
        let error = await failure(HTTPTestReply(429, body))
        #expect(error?.code == .quotaExceeded)
        #expect(error?.isRetryable == false)
    }

    @Test(
        "takes no other JSON for an answer",
        arguments: [
            "", "<html>", "[]", "{}", #"{"choices":[]}"#, #"{"choices":[{"message":null}]}"#,
            #"{"choices":[{"message":{}}]}"#, #"{"error":{"message":"x"}}"#,
            #"{"choices":[{"message":{"tool_calls":[{"function":{"arguments":"{}"}}]}}]}"#,
            #"{"choices":[{"message":{"content":"a"}}],"choices":[]}"#,
        ])
    func badAnswers(body: String) async {
        let error = await failure(HTTPTestReply(200, body))
        #expect(error?.code == .badAnswer)
    }

    @Test("tells a server that is silent from one that is not there")
    func noAnswer() async throws {
        #expect(await failure(HTTPTestReply(raw: "", after: .stall), within: .milliseconds(100))?.code == .timeout)
        #expect(await failure(HTTPTestReply(raw: "", after: .close))?.code == .badAnswer)
        // Every server of the tests is on 127.0.0.1: a port taken there is nobody's on the next address.
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            _ = await #expect {
                try await ask(server, Self.request, host: "127.0.0.2")
            } throws: {
                ($0 as? ProviderError)?.code == .connection
            }
        }
    }

    private static let request = ChatRequest(agent: "a", step: 1, model: "m", messages: [.user("Hi.")])

    private func answer(_ body: String) async throws -> ChatAnswer {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, body) }).run { try await ask($0, Self.request) }
    }

    private func failure(_ reply: HTTPTestReply, within timeout: Duration = .seconds(30)) async -> ProviderError? {
        do {
            _ = try await HTTPTestServer.answering({ _ in reply }).run { try await ask($0, Self.request, timeout) }
            return nil
        } catch {
            return error as? ProviderError
        }
    }

    private func ask(
        _ server: HTTPTestServer, _ request: ChatRequest, _ timeout: Duration = .seconds(30),
        host: String = "127.0.0.1"
    ) async throws -> ChatAnswer {
        let client = OutboundClient()
        let provider = OpenAIProvider(
            name: "main", baseURL: "http://\(host):\(server.port)/v1/", apiKey: Self.key,
            headers: [("X-Team", "research")],
            client: client, now: { Instant(seconds: 0) })
        let result: Result<ChatAnswer, ProviderError>
        do throws(ProviderError) {
            result = .success(try await provider.complete(request, within: timeout))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        return try result.get()
    }
}
