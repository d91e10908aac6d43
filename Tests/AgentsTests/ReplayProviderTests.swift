import Agents
import Synchronization
import Testing
import Values

@Suite("Replay provider")
struct ReplayProviderTests {
    private let request = ChatRequest(agent: "triage", step: 1, model: "any", messages: [.user("Hi.")])

    @Test("answers by agent and step, in every run alike, and says that it is a replay")
    func answers() async throws {
        let provider = try replay(
            """
            {"agent":"other","step":1,"message":{"content":"no"}}
            {"agent":"triage","step":2,"message":{"content":"second"}}

            {"agent":"triage","step":1,"message":{"content":"first"},"usage":{"input":5,"output":2}}
            """)
        for _ in 0..<2 {
            let answer = try await provider.complete(request, within: .seconds(1))
            #expect(answer.message == .assistant("first"))
            #expect(answer.model == "replay")
            #expect(answer.finishReason == "stop")
            #expect(answer.usage == TokenUsage(input: 5, output: 2))
        }
    }

    @Test("calls tools, with arguments as text or as an object")
    func tools() async throws {
        let provider = try replay(
            #"""
            {"agent":"triage","step":1,"message":{"tool_calls":[{"function":{"name":"label","arguments":{"to":"bug"}}},{"id":"x","function":{"name":"close","arguments":"{}"}}]}}
            """#)
        let answer = try await provider.complete(request, within: .seconds(1))
        #expect(answer.toolCalls.map(\.id) == ["call_1_1", "x"])
        #expect(answer.toolCalls.map(\.arguments) == [["to": "bug"], [:]])
        #expect(answer.finishReason == "tool_calls")
    }

    @Test("prefers the line with the conversation's digest, and the last of equals")
    func digests() async throws {
        let other = Digest(of: Array("other".utf8))
        let provider = try replay(
            """
            {"agent":"triage","step":1,"digest":"\(request.digest)","message":{"content":"exact, old"}}
            {"agent":"triage","step":1,"digest":"\(request.digest)","message":{"content":"exact"}}
            {"agent":"triage","step":1,"digest":"\(other)","message":{"content":"another's"}}
            {"agent":"triage","step":1,"message":{"content":"any"}}
            """)
        #expect(try await provider.complete(request, within: .seconds(1)).message.content == "exact")
        var changed = request
        changed.messages = [.user("Bye.")]
        #expect(try await provider.complete(changed, within: .seconds(1)).message.content == "any")
    }

    @Test("names agent, step, digest, file and the line to add when nothing is recorded; that line then answers")
    func miss() async throws {
        let provider = try replay(#"{"agent":"triage","step":2,"message":{"content":"x"}}"#)
        var message = ""
        do throws(ProviderError) {
            _ = try await provider.complete(request, within: .seconds(1))
        } catch {
            #expect(error.code == .notRecorded)
            #expect(!error.isRetryable)
            message = error.message
        }
        for part in ["agent triage", "step 1", request.digest.text, "transcripts/a.jsonl"] {
            #expect(message.contains(part), "\(part)")
        }
        let start = try #require(message.firstIndex(of: "{"))
        let end = try #require(message.lastIndex(of: "}"))
        let answer = try await replay(String(message[start...end])).complete(request, within: .seconds(1))
        #expect(answer.message.content == "…")
    }

    @Test(
        "refuses a wrong line with its number",
        arguments: [
            ("{", "not JSON"), ("[]", "not a JSON object"), (#"{"step":1,"message":{"content":"x"}}"#, "`agent`"),
            (#"{"agent":"a","message":{"content":"x"}}"#, "`step`"),
            (#"{"agent":"a","step":0,"message":{"content":"x"}}"#, "`step`"),
            (#"{"agent":"a","step":1}"#, "`message`"), (#"{"agent":"a","step":1,"message":{}}"#, "neither"),
            (#"{"agent":"a","step":1,"message":{"tool_calls":[{}]}}"#, "`tool_calls`"),
            (#"{"agent":"a","step":1,"digest":"md5","message":{"content":"x"}}"#, "`digest`"),
            (#"{"agent":"a","step":1,"mesage":{}}"#, "did you mean `message`?"),
        ])
    func wrong(line: String, part: String) {
        let good = #"{"agent":"a","step":1,"message":{"content":"x"}}"#
        #expect {
            try Transcript(Array("\(good)\n\n\(line)\n".utf8), path: "t.jsonl")
        } throws: { error in
            guard let error = error as? ProviderError else { return false }
            return error.code == .badTranscript && error.message.hasPrefix("t.jsonl:3: ")
                && error.message.contains(part)
        }
    }

    @Test("gives back what was recorded, tool calls and usage included")
    func recorded() async throws {
        let source = try replay(
            #"{"agent":"triage","step":1,"message":{"content":"a\nb","tool_calls":[{"id":"1","function":{"name":"t","arguments":"{"}}]},"usage":{"input":1,"output":2}}"#
        )
        let lines = Mutex<[TranscriptLine]>([])
        let recorder = TranscriptRecorder(source) { line in lines.withLock { $0.append(line) } }
        let first = try await recorder.complete(request, within: .seconds(1))
        let text = lines.withLock { $0.map(\.text).joined(separator: "\n") }
        #expect(text.contains(request.digest.text))
        #expect(text.split(separator: "\n").count == 1)
        let second = try await replay(text).complete(request, within: .seconds(1))
        #expect(second == first)
    }

    private func replay(_ text: String) throws -> ReplayProvider {
        ReplayProvider(try Transcript(Array(text.utf8), path: "transcripts/a.jsonl"))
    }
}
