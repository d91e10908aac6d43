import Server
import Synchronization
import TestSupport
import Testing
import Values

/// Webhooks that are taken at the connection give the answers that the routes give, in the order of the requests.
@Suite struct HookConnectionTests {
    private static func hook(_ body: String, to path: String = "/hooks/a", _ headers: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let last = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    /// The status lines of what was answered, in order.
    private static func statuses(_ text: String) -> [String] {
        text.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
    }

    @Test func `answers requests that come at once in their order`() async throws {
        let hooks = FakeHooks()
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            let get = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
            return try await RawConnection.exchange(
                port: client.port,
                [
                    Self.hook("one") + get + Self.hook("two") + Self.hook("three", to: "/hooks/repositories/b")
                        + Self.last
                ])
        }
        #expect(Self.statuses(text) == ["202", "404", "202", "202", "200"])
        #expect(hooks.received.map { String(decoding: $0.body, as: UTF8.self) } == ["one", "two", "three"])
        #expect(hooks.received.map(\.endpoint) == [.trigger("a"), .trigger("a"), .repository("b")])
    }

    @Test(arguments: ["", "Host: localhost\r\nHost: evil.example\r\n"])
    func `who says no host or two is refused, after what came before it`(hosts: String) async throws {
        let hooks = FakeHooks()
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            let get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let wrong = "POST /hooks/a HTTP/1.1\r\n\(hosts)Content-Length: 3\r\n\r\none"
            return try await RawConnection.exchange(
                port: client.port, [get + Self.hook("one") + get + wrong + Self.hook("two") + get])
        }
        #expect(Self.statuses(text) == ["200", "202", "200", "400"])
        #expect(hooks.received.map { String(decoding: $0.body, as: UTF8.self) } == ["one"])
    }

    @Test func `takes a body that comes in pieces`() async throws {
        let hooks = FakeHooks()
        let text = try await serving(ServerFixture(), hooks: hooks) { client in
            try await RawConnection.exchange(
                port: client.port, Self.hook("a longer body").map { String($0) } + [Self.last])
        }
        #expect(Self.statuses(text) == ["202", "200"])
        #expect(hooks.received.map { String(decoding: $0.body, as: UTF8.self) } == ["a longer body"])
        #expect(hooks.received.first?.headers["host"] == nil)
    }

    @Test(arguments: [
        HookAnswer.accepted(event: "evt_1"), .duplicate(event: "evt_0"), .unauthorized, .badRequest("line 1: no"),
        .limited(retryAfter: 7), .unavailable("the disk is full"), .answered(contentType: "text/plain", body: "pong"),
    ])
    func `says the same with the same headers as the routes`(outcome: HookAnswer) async throws {
        let chunked =
            "POST /hooks/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + "3\r\none\r\n0\r\n\r\n"
        let (one, other) = try await serving(ServerFixture(), hooks: FakeHooks(outcome)) { client in
            let one = try await RawConnection.exchange(port: client.port, [Self.hook("one") + Self.last])
            return (one, try await RawConnection.exchange(port: client.port, [chunked]))
        }
        func lines(_ text: String) -> Set<String> {
            let head = text.split(separator: "\r\n\r\n").first ?? ""
            return Set(
                head.split(separator: "\r\n").map { $0.lowercased() }
                    .filter { !$0.hasPrefix("date:") && !$0.hasPrefix("connection:") })
        }
        #expect(lines(one) == lines(other))
        #expect(one.lowercased().contains("\r\ndate: "))
    }

    @Test func `what comes behind a webhook waits for its answer, and a connection at work is not idle`() async throws {
        let hooks = HeldHooks()
        var limits = ServerLimits()
        limits.headDeadline = .milliseconds(50)
        let text = try await serving(ServerFixture(), limits: limits, hooks: hooks) { client in
            async let text = RawConnection.exchange(port: client.port, [Self.hook("one") + Self.last])
            try await waitUntil("it is asked") { hooks.isAsked }
            // Begun later, and ended because it is idle.
            _ = try await RawConnection.exchange(port: client.port, ["GET"])
            hooks.release()
            return try await text
        }
        #expect(Self.statuses(text) == ["202", "200"])
    }

    @Test("fault F115: a connection on which a webhook came is ended when it is idle")
    func idle() async throws {
        var limits = ServerLimits()
        limits.headDeadline = .milliseconds(80)
        let text = try await serving(ServerFixture(), limits: limits) { client in
            // Returns because the server closes.
            try await RawConnection.exchange(port: client.port, [Self.hook("one")])
        }
        #expect(Self.statuses(text) == ["202"])
    }

    @Test func `a service that ends answers what it took`() async throws {
        let hooks = HeldHooks()
        let exchange = try await serving(ServerFixture(), hooks: hooks) { client in
            let exchange = Task { try await RawConnection.exchange(port: client.port, [Self.hook("one")]) }
            try await waitUntil("it is asked") { hooks.isAsked }
            Task { try await Self.release(hooks, whenClosed: client) }
            return exchange
        }
        #expect(Self.statuses(try await exchange.value) == ["202"])
    }

    /// The end has begun when no connection is taken any more.
    private static func release(_ hooks: HeldHooks, whenClosed client: TestClient) async throws {
        try await waitUntil("no connection is taken") {
            do {
                _ = try await client.send("GET", "/healthz")
                return false
            } catch {
                return true
            }
        }
        hooks.release()
    }
}

/// Answers when it is told to.
private final class HeldHooks: HookReceiving {
    private struct State {
        var isReleased = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isAsked = false
    }

    private let state = Mutex(State())

    var isAsked: Bool { state.withLock(\.isAsked) }

    func release() {
        let waiting = state.withLock { state in
            state.isReleased = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    func receive(
        _ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8]
    ) async -> HookAnswer {
        await withCheckedContinuation { continuation in
            let isReleased = state.withLock { state in
                state.isAsked = true
                if !state.isReleased { state.waiting.append(continuation) }
                return state.isReleased
            }
            if isReleased { continuation.resume() }
        }
        return .accepted(event: "evt_1")
    }
}
