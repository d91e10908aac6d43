import HTTPTestSupport
import Testing

@testable import Outbound

@Suite("Redirects (fault F122)", .timeLimit(.minutes(1)))
struct RedirectTests {
    /// Redirects `/N` to `/N-1`, and answers `/0`.
    private static let countdown: HTTPTestServer.Answer = { request in
        let number = Int(request.target.dropFirst()) ?? 0
        return number == 0 ? HTTPTestReply(200, "end") : .redirect(to: "\(number - 1)")
    }

    @Test("are followed as often as allowed, at most five times", arguments: [(5, 5), (3, 4), (5, 99)])
    func followed(length: Int, allowed: Int) async throws {
        try await HTTPTestServer.answering(Self.countdown).run { server in
            let response = try await withClient { try await $0.send(request("\(server.url)/\(length)", allowed)) }
            #expect(response.text == "end")
            #expect(server.requests.count == length + 1)
        }
    }

    @Test("are refused beyond that", arguments: [(6, 5, 6), (11, 99, 6), (2, 1, 2)])
    func tooMany(length: Int, allowed: Int, sent: Int) async throws {
        try await HTTPTestServer.answering(Self.countdown).run { server in
            let error = try await withClient { await $0.refusal(request("\(server.url)/\(length)", allowed)) }
            #expect(error?.code == .redirect)
            #expect(error?.mayHaveArrived == true)
            #expect(server.requests.count == sent)
        }
    }

    @Test("are the answer when none is to be followed")
    func none() async throws {
        try await HTTPTestServer.answering(Self.countdown).run { server in
            let response = try await withClient { try await $0.send(request("\(server.url)/1", 0)) }
            #expect(response.status == 302)
            #expect(response.headers["location"] == "0")
        }
    }

    @Test(
        "lead to no address that a first request could not go to", arguments: ["127.0.0.2", "inside.example", "[::1]"])
    func closedAddress(host: String) async throws {
        let resolver = TableResolver(["inside.example": [["169.254.169.254"]]])
        let policy = AddressPolicy(opening: [try #require(AddressRange("127.0.0.1"))])
        try await HTTPTestServer.answering({ _ in .redirect(to: "http://\(host)/latest/meta-data") }).run { server in
            let error = try await withClient(resolver: resolver) { client in
                await client.refusal(OutboundRequest(url: server.url, policy: policy, followRedirects: 5))
            }
            #expect(error?.code == .refusedAddress)
            #expect(error?.mayHaveArrived == true, "the first hop was sent")
            #expect(error?.message.contains("meta-data") == false)
        }
    }

    @Test("carry no key to another origin")
    func otherOrigin() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "there") }).run { other in
            try await HTTPTestServer.answering({ _ in .redirect(to: "\(other.url)/x") }).run { server in
                var request = request(server.url, 5)
                request.headers = [
                    ("Authorization", "Bearer k"), ("Cookie", "c"), ("X-Api-Key", "k"), ("Accept", "text/plain"),
                ]
                let sent = request
                _ = try await withClient { try await $0.send(sent) }
                #expect(server.requests.first?.values("authorization") == ["Bearer k"])
            }
            let arrived = try #require(other.requests.first)
            #expect(arrived.values("accept") == ["text/plain"])
            for name in ["authorization", "cookie", "x-api-key"] { #expect(arrived.values(name).isEmpty, "\(name)") }
        }
    }

    @Test("keep the key within the origin")
    func sameOrigin() async throws {
        try await HTTPTestServer.answering(Self.countdown).run { server in
            var request = request("\(server.url)/1", 5)
            request.headers = [("Authorization", "Bearer k")]
            let sent = request
            _ = try await withClient { try await $0.send(sent) }
            #expect(server.requests.map { $0.values("authorization") } == [["Bearer k"], ["Bearer k"]])
        }
    }

    @Test(
        "change the method as RFC 9110 section 15.4 says",
        arguments: [
            (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"), (303, "PUT", "GET"),
            (307, "POST", "POST"),
            (308, "POST", "POST"), (301, "PUT", "PUT"), (302, "GET", "GET"),
        ])
    func methods(status: Int, method: String, next: String) async throws {
        let answer: HTTPTestServer.Answer = { $0.target == "/" ? .redirect(status, to: "/next") : HTTPTestReply() }
        try await HTTPTestServer.answering(answer).run { server in
            var request = request(server.url, 5)
            request.method = method
            request.headers = [("Content-Type", "text/plain")]
            request.body = method == "GET" ? nil : Array("body".utf8)
            let sent = request
            _ = try await withClient { try await $0.send(sent) }
            let last = try #require(server.requests.last)
            #expect(last.target == "/next")
            #expect(last.method == next)
            #expect(last.text == (next == "GET" ? "" : "body"))
            #expect(last.values("content-type").isEmpty == (next == "GET" && method != "GET"))
        }
    }

    @Test(
        "never lead from https to http, nor to what is no URL",
        arguments: ["http://example.com/", "ftp://example.com/", "https://u@h/"])
    func downgrade(location: String) throws {
        let hop = Hop(OutboundRequest(url: ""), url: try OutboundURL("https://example.com/"))
        #expect { try hop.redirected(status: 302, to: location) } throws: { ($0 as? OutboundError)?.code == .redirect }
    }

    private func request(_ url: String, _ redirects: Int) -> OutboundRequest {
        OutboundRequest(url: url, policy: .allowPrivate, followRedirects: redirects)
    }
}
