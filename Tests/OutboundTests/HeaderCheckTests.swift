import Outbound
import Testing

@Suite("Headers and method of a request (fault F124)")
struct HeaderCheckTests {
    @Test(
        "are refused before anything is resolved",
        arguments: [
            ("X-A", "a\r\nX-Evil: b"), ("X-A", "a\nb"), ("X-A", "a\rb"), ("X-A", "a\u{0}b"), ("X-A", "\u{7F}"),
            ("X-A\r\nX-B", "c"), ("X A", "b"), ("X-A:", "b"), ("", "b"), ("X-Ä", "b"),
            ("Host", "internal"), ("content-length", "5"), ("Transfer-Encoding", "chunked"), ("Connection", "close"),
            ("Accept-Encoding", "gzip"), ("X-A", String(repeating: "a", count: 70_000)),
        ])
    func headers(name: String, value: String) async throws {
        let error = await refusal(OutboundRequest(url: "http://127.0.0.1:9", headers: [(name, value)]))
        #expect(error?.code == .badHeader)
        #expect(error?.mayHaveArrived == false)
        #expect(error?.message.contains("X-Evil") != true, "a value may be a secret")
    }

    @Test(
        "are refused for a method that is no token or opens a tunnel",
        arguments: ["", "GET /", "G\r\nT", "CONNECT", "trace"])
    func methods(method: String) async throws {
        #expect(await refusal(OutboundRequest(method: method, url: "http://127.0.0.1:9"))?.code == .badHeader)
    }

    private func refusal(_ request: OutboundRequest) async -> OutboundError? {
        let client = OutboundClient(resolver: TableResolver([:]))
        var result: OutboundError?
        do throws(OutboundError) {
            _ = try await client.send(request)
        } catch {
            result = error
        }
        await client.shutdown()
        return result
    }
}
