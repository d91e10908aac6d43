import HTTPTestSupport
import Outbound
import Testing

@Suite("Outbound client", .timeLimit(.minutes(1)))
struct OutboundClientTests {
    @Test("sends method, headers and body, and gives back status, headers and body")
    func exchange() async throws {
        try await HTTPTestServer.answering({ _ in
            HTTPTestReply(201, headers: [("X-Kind", "a"), ("x-kind", "b")], "made")
        }).run {
            server in
            let response = try await withClient { client in
                try await client.send(
                    OutboundRequest(
                        method: "POST", url: "\(server.url)/a b?c=d", headers: [("Content-Type", "text/plain")],
                        body: Array("hello".utf8), policy: .allowPrivate))
            }
            #expect(response.status == 201)
            #expect(response.isSuccess)
            #expect(response.text == "made")
            #expect(response.headers["X-KIND"] == "a")
            #expect(response.headers.values("x-kind") == ["a", "b"])
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/a%20b?c=d")
            #expect(request.text == "hello")
            #expect(request.values("content-type") == ["text/plain"])
            #expect(request.values("content-length") == ["5"])
            #expect(request.values("user-agent") == ["writ"])
            #expect(request.values("accept-encoding") == ["identity"])
        }
    }

    @Test(
        "refuses every spelling of this machine (fault F120)",
        arguments: ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "017700000001", "localhost.", "[::1]", "0.0.0.0"])
    func loopback(host: String) async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            try await withClient(resolver: SystemResolver()) { client in
                let error = await client.refusal(OutboundRequest(url: "http://\(host):\(server.port)/secret"))
                #expect(error?.code == .refusedAddress)
                #expect(error?.message.contains("secret") == false)
                #expect(error?.isRetryable == false)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("connects to the address it checked and keeps the name in Host (fault F121)")
    func nameKept() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "ok") }).run { server in
            let resolver = TableResolver(["api.example": [["127.0.0.1"]]])
            let response = try await withClient(resolver: resolver) { client in
                try await client.send(OutboundRequest(url: "http://API.example:\(server.port)/", policy: .allowPrivate))
            }
            #expect(response.text == "ok")
            #expect(server.requests.first?.values("host") == ["api.example:\(server.port)"])
            #expect(resolver.asked == ["api.example"], "one answer is checked and used")
        }
    }

    @Test("checks a name's new address although the old one was good (fault F121)")
    func rebinding() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            let resolver = TableResolver(["api.example": [["127.0.0.1"], ["127.0.0.2"]]])
            let policy = AddressPolicy(opening: [try #require(AddressRange("127.0.0.1"))])
            let request = OutboundRequest(url: "http://api.example:\(server.port)/", policy: policy)
            try await withClient(resolver: resolver) { client in
                let response = try await client.send(request)
                #expect(response.status == 200)
                #expect(await client.refusal(request)?.code == .refusedAddress)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        "trusts no name with one closed address among its addresses (fault F121)", arguments: ["10.0.0.1", "fd00::1"])
    func mixed(address: String) async throws {
        let resolver = TableResolver(["api.example": [["1.1.1.1", address]]])
        try await withClient(resolver: resolver) { client in
            let error = await client.refusal(OutboundRequest(url: "https://api.example/"))
            #expect(error?.code == .refusedAddress)
            #expect(error?.message.contains(address) == true)
        }
    }

    @Test("tries the next address when nothing listens at the first")
    func nextAddress() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, "second") }).run { server in
            let resolver = TableResolver(["api.example": [["127.0.0.2", "127.0.0.1"]]])
            let response = try await withClient(resolver: resolver) { client in
                try await client.send(OutboundRequest(url: "http://api.example:\(server.port)/", policy: .allowPrivate))
            }
            #expect(response.text == "second")
        }
    }

    @Test("says that nothing arrived when nothing listens")
    func nobodyListens() async throws {
        // Every server of the tests is on 127.0.0.1: a port taken there is nobody's on the next address.
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            try await withClient { client in
                let url = "http://127.0.0.2:\(server.port)/"
                let error = await client.refusal(OutboundRequest(url: url, policy: .allowPrivate))
                #expect(error?.code == .connect)
                #expect(error?.isRetryable == true)
                #expect(error?.mayHaveArrived == false)
            }
        }
    }

    @Test("says that a name does not resolve")
    func unknownName() async throws {
        try await withClient { client in
            #expect(await client.refusal(OutboundRequest(url: "http://nowhere.example/"))?.code == .connect)
        }
    }

    @Test("speaks no TLS with a server that has none (fault F123)")
    func plainServer() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            try await withClient { client in
                let url = "https://127.0.0.1:\(server.port)/"
                let error = await client.refusal(OutboundRequest(url: url, policy: .allowPrivate))
                #expect(error?.code == .tls || error?.code == .protocol)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("keeps connections to a bounded number of hosts and still reaches them all")
    func manyHosts() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            let names = (0..<6).map { "host\($0).example" }
            let resolver = TableResolver(Dictionary(uniqueKeysWithValues: names.map { ($0, [["127.0.0.1"]]) }))
            try await withClient(resolver: resolver, maxHosts: 2) { client in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for name in names + names {
                        group.addTask {
                            let url = "http://\(name):\(server.port)/"
                            return try await client.send(OutboundRequest(url: url, policy: .allowPrivate)).status
                        }
                    }
                    for try await status in group { #expect(status == 200) }
                }
            }
            #expect(server.requests.count == 12)
        }
    }

    @Test("ends a cancelled request at once, and every request after shutdown")
    func cancelled() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(raw: "", after: .stall) }).run { server in
            let client = OutboundClient()
            let request = OutboundRequest(url: server.url, policy: .allowPrivate)
            let task = Task { await client.refusal(request) }
            while server.requests.isEmpty { await Task.yield() }
            task.cancel()
            #expect(await task.value?.code == .cancelled)
            await client.shutdown()
            #expect(await client.refusal(request)?.code == .cancelled)
        }
    }
}
