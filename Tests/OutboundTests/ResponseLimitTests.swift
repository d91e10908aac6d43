import HTTPTestSupport
import Outbound
import Testing

@Suite("Limits on an answer (fault F123)", .timeLimit(.minutes(1)))
struct ResponseLimitTests {
    private static let chunkedHead = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

    @Test("lets a body of exactly the limit pass")
    func exactly() async throws {
        let body = String(repeating: "a", count: 1000)
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, body) }).run { server in
            let response = try await withClient { try await $0.send(request(server, limit: 1000)) }
            #expect(response.body.count == 1000)
        }
    }

    @Test("refuses a longer one by its announced length")
    func announced() async throws {
        let reply = HTTPTestReply(raw: "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n", after: .stall)
        #expect(try await refusal(reply)?.code == .tooLarge)
    }

    @Test("stops an endless one")
    func endless() async throws {
        let chunk = Array("400\r\n".utf8) + Array(repeating: 0x61, count: 1024) + Array("\r\n".utf8)
        let error = try await refusal(HTTPTestReply(raw: Self.chunkedHead, after: .repeating(chunk)))
        #expect(error?.code == .tooLarge)
        #expect(error?.isRetryable == false)
    }

    @Test(
        "gives up after the time for everything, wherever the answer stops",
        arguments: ["", chunkedHead + "1\r\na\r\n"])
    func stalled(start: String) async throws {
        let reply = HTTPTestReply(raw: start, after: .stall)
        let error = try await refusal(reply, timeout: .milliseconds(100))
        #expect(error?.code == .timeout)
        #expect(error?.isRetryable == true)
        #expect(error?.mayHaveArrived == true)
        #expect(error?.message.hasSuffix("within 100ms") == true)
    }

    @Test("gives up on a drip too")
    func drip() async throws {
        let reply = HTTPTestReply(raw: Self.chunkedHead, after: .repeating(Array("1\r\na\r\n".utf8)))
        let error = try await refusal(reply, timeout: .milliseconds(100), limit: .max)
        #expect(error?.code == .timeout)
    }

    @Test("unpacks nothing that is compressed", arguments: ["gzip", "deflate", "br"])
    func compressed(coding: String) async throws {
        let reply = HTTPTestReply(200, headers: [("content-encoding", coding)], "packed")
        #expect(try await refusal(reply)?.code == .protocol)
    }

    @Test(
        "says that an answer is no whole HTTP",
        arguments: [
            "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort", chunkedHead + "5\r\nab", chunkedHead + "zz\r\n",
            "hello\r\n\r\n", "",
        ])
    func broken(text: String) async throws {
        let error = try await refusal(HTTPTestReply(raw: text, after: .close))
        #expect(error?.code == .protocol)
        #expect(error?.isRetryable == true)
    }

    private func request(_ server: HTTPTestServer, timeout: Duration = .seconds(30), limit: Int) -> OutboundRequest {
        OutboundRequest(url: server.url, timeout: timeout, maxResponseBytes: limit, policy: .allowPrivate)
    }

    private func refusal(
        _ reply: HTTPTestReply, timeout: Duration = .seconds(30), limit: Int = 64 << 10
    ) async throws -> OutboundError? {
        try await HTTPTestServer.answering({ _ in reply }).run { server in
            try await withClient { await $0.refusal(request(server, timeout: timeout, limit: limit)) }
        }
    }
}
