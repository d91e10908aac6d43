import Server
import TestSupport
import Testing
import Values

@Suite struct LimitTests {
    @Test func `fault F112: a body over the limit is 413, before it is read`() async throws {
        let hooks = FakeHooks()
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            try await RawConnection.exchange(
                port: client.port,
                ["POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n", "beginning"])
        }
        #expect(text.hasPrefix("HTTP/1.1 413"))
        #expect(text.lowercased().contains("connection: close"))
        #expect(hooks.received.isEmpty)
    }

    @Test func `fault F112: chunks without end are 413 after the limit, and the connection is closed`() async throws {
        var limits = ServerLimits()
        limits.body = 10_000
        let hooks = FakeHooks()
        let chunk = "1000\r\n" + String(repeating: "x", count: 4_096) + "\r\n"
        let text = try await serving(ServerFixture(), limits: limits, hooks: hooks) { client in
            try await RawConnection.exchange(
                port: client.port,
                ["POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"]
                    + Array(repeating: chunk, count: 8))
        }
        #expect(text.hasPrefix("HTTP/1.1 413"))
        #expect(hooks.received.isEmpty)
    }

    @Test(
        "Who asks whether a body is wanted is told so, or is refused, before it sends it",
        arguments: [
            ("/hooks/a", 2, ["100", "202"]), ("/nothing", 2, ["404"]), ("/hooks/a", 1 << 30, ["413"]),
        ])
    func expectation(path: String, length: Int, statuses: [String]) async throws {
        let hooks = FakeHooks()
        let head =
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nExpect: 100-Continue\r\nConnection: close\r\n"
            + "Content-Length: \(length)\r\n\r\n"
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            // The body goes out only when something was said to the head.
            try await RawConnection.exchange(port: client.port, [head], afterFirstAnswer: "{}")
        }
        #expect(text.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) } == statuses, "\(text)")
        #expect(hooks.received.count == (statuses.contains("202") ? 1 : 0))
    }

    @Test(
        "A connection of HTTP/1.0 ends with its answer, unless its client asks for more",
        arguments: [
            "GET /healthz", "POST /hooks/a",
        ])
    func olderClients(request: String) async throws {
        let (ends, stays) = try await serving(ServerFixture(), hooks: FakeHooks()) { client in
            (
                try await RawConnection.exchange(
                    port: client.port, ["\(request) HTTP/1.0\r\nContent-Length: 0\r\n\r\n"]),
                try await RawConnection.exchange(
                    port: client.port,
                    [
                        "\(request) HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n"
                            + "\(request) HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
                    ])
            )
        }
        #expect(ends.lowercased().contains("\r\nconnection: close"), "\(ends)")
        #expect(ends.split(separator: "HTTP/1.").count == 1)
        #expect(stays.lowercased().contains("\r\nconnection: keep-alive"), "\(stays)")
        #expect(stays.split(separator: "HTTP/1.").count == 2)
    }

    @Test func `takes a body of just the limit`() async throws {
        let hooks = FakeHooks()
        let body = [UInt8](repeating: 0x20, count: 1 << 20)
        let answer = try await serving(ServerFixture(), hooks: hooks) { client in
            try await client.send("POST", "/hooks/a", body: body)
        }
        #expect(answer.status == 202)
        #expect(hooks.received.first?.body.count == 1 << 20)
    }

    @Test func `fault F116: what came in one piece with a request that ends the connection is not answered`()
        async throws
    {
        let hooks = FakeHooks()
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            try await RawConnection.exchange(
                port: client.port,
                [
                    "POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
                        + "POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
                ])
        }
        #expect(text.hasPrefix("HTTP/1.1 404"))
        #expect(!text.contains("HTTP/1.1 2"))
        #expect(hooks.received.isEmpty)
    }

    @Test func `a body that nobody reads ends the connection`() async throws {
        let text = try await serving(ServerFixture()) { client in
            try await RawConnection.exchange(
                port: client.port,
                ["POST /nothing HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"])
        }
        #expect(text.hasPrefix("HTTP/1.1 404"))
        #expect(text.lowercased().contains("connection: close"))
    }

    /// What is refused before anything of it is told: a proxy in front could see other requests in it.
    private func expectRefused(_ text: String, _ hooks: FakeHooks) {
        #expect(text.hasPrefix("HTTP/1.1 400"), "\(text)")
        #expect(text.lowercased().contains("connection: close"))
        // What came with it is nobody's request.
        #expect(!text.contains("HTTP/1.1 2"))
        #expect(hooks.received.isEmpty)
    }

    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "Content-Length: 3, 3\r\n\r\nabc",
        "Content-Length: +3\r\n\r\nabc",
        "Content-Length : 3\r\n\r\nabc",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\n",
    ])
    func `fault F116: a body whose length can be read in two ways is refused and the connection closed`(
        rest: String
    ) async throws {
        let hooks = FakeHooks()
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            try await RawConnection.exchange(
                port: client.port,
                [
                    "POST /hooks/a HTTP/1.1\r\nHost: localhost\r\n" + rest
                        + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
                ])
        }
        expectRefused(text, hooks)
    }

    @Test(arguments: [
        "POST /hooks/a HTTP/1.1\nHost: localhost\nContent-Length: 0\n\n",
        "POST /hooks/a HTTP/1.1\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
        "POST /hooks/a HTTP/1.1\r\nHost: localhost\nContent-Length: 0\r\n\r\n",
        "POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nX-A: 1\nContent-Length: 0\r\n\r\n",
        "POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\n",
        "POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nX-A: a\rb\r\nContent-Length: 0\r\n\r\n",
        "POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    ])
    func `fault F116: a head whose lines do not end with CRLF is refused and the connection closed`(
        head: String
    ) async throws {
        let hooks = FakeHooks()
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            try await RawConnection.exchange(port: client.port, [head])
        }
        expectRefused(text, hooks)
    }

    @Test func `fault F116: a second request of a connection is held to the same`() async throws {
        let hooks = FakeHooks()
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            try await RawConnection.exchange(
                port: client.port,
                [
                    "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    "POST /hooks/a HTTP/1.1\r\nHost: localhost\nContent-Length: 0\r\n\r\n",
                ])
        }
        #expect(text.hasPrefix("HTTP/1.1 200"))
        #expect(text.contains("HTTP/1.1 400"))
        #expect(hooks.received.isEmpty)
    }

    @Test func `fault F117: too many headers are refused`() async throws {
        let headers = (0..<2_000).map { "X-H\($0): 1\r\n" }.joined()
        let text = try await serving(ServerFixture()) { client in
            try await RawConnection.exchange(
                port: client.port, ["GET /healthz HTTP/1.1\r\nHost: localhost\r\n", headers, "\r\n"])
        }
        #expect(!text.hasPrefix("HTTP/1.1 200"))
    }

    @Test func `a path without end is refused`() async throws {
        let text = try await serving(ServerFixture()) { client in
            try await RawConnection.exchange(
                port: client.port,
                [
                    "GET /api/v1/runs?agent=", String(repeating: "a", count: 100_000),
                    " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                ])
        }
        #expect(!text.hasPrefix("HTTP/1.1 200"))
    }

    @Test func `fault F115: connections that say nothing are bounded in number, and keep nobody out for long`()
        async throws
    {
        var limits = ServerLimits()
        limits.connections = 4
        limits.headDeadline = .milliseconds(200)
        let (texts, answer) = try await serving(ServerFixture(), limits: limits) { client in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 {
                    // Each returns when the server closes it, and none says a whole head.
                    group.addTask { try await RawConnection.exchange(port: client.port, ["GET /healthz HT"]) }
                }
                let answer = try await client.send("GET", "/healthz")
                return (try await group.reduce(into: []) { $0.append($1) }, answer)
            }
        }
        #expect(answer.status == 200)
        #expect(texts.count == 20 && texts.allSatisfy { !$0.hasPrefix("HTTP/1.1 2") })
    }

    @Test func `fault F115: a head and a body that do not come in time end the connection`() async throws {
        var limits = ServerLimits()
        limits.headDeadline = .milliseconds(80)
        limits.bodyDeadline = .milliseconds(80)
        let hooks = FakeHooks()
        let texts = try await serving(ServerFixture(), limits: limits, hooks: hooks) { client in
            // Both return because the server closes: nothing here does.
            async let head = RawConnection.exchange(port: client.port, ["GET /healthz HT"])
            async let body = RawConnection.exchange(
                port: client.port, ["POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"])
            return try await [head, body]
        }
        #expect(texts.allSatisfy { !$0.hasPrefix("HTTP/1.1 2") })
        #expect(hooks.received.isEmpty)
    }
}
