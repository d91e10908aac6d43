import HTTPTestSupport
import Outbound
import Synchronization
import TestSupport
import Testing
import Values

@Suite("Hosts that are left alone", .timeLimit(.minutes(1)))
struct CircuitTests {
    private let time = Mutexed(Instant(seconds: 1_000))
    private let status = Mutexed(500)

    private func advance(_ seconds: Int64) { time.value = time.value.advanced(by: .seconds(seconds)) }

    private func run(
        _ policy: CircuitPolicy = CircuitPolicy(),
        _ body: @Sendable (CircuitBreakers, OutboundClient, HTTPTestServer, OutboundRequest) async throws -> Void
    ) async throws {
        let time = time
        let status = status
        try await HTTPTestServer.answering({ _ in HTTPTestReply(status.value) }).run { server in
            let circuits = CircuitBreakers(policy) { time.value }
            let client = OutboundClient(circuits: circuits)
            let request = OutboundRequest(url: server.url + "/x", policy: .allowPrivate)
            do {
                try await body(circuits, client, server, request)
            } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        }
    }

    private func refusal(_ client: OutboundClient, _ request: OutboundRequest) async throws -> OutboundError? {
        do {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("A host that failed five times in a row gets no request until its pause is over (fault E92)")
    func opens() async throws {
        try await run { circuits, client, server, request in
            for _ in 1...5 {
                #expect(circuits.open.isEmpty)
                #expect(try await client.send(request).status == 500)
            }
            let error = try #require(try await refusal(client, request))
            #expect(error.code == .circuitOpen && error.isRetryable && !error.mayHaveArrived)
            #expect(error.retryAfter == .seconds(30))
            #expect(server.requests.count == 5)
            let open = try #require(circuits.open.first)
            #expect(open.origin == server.url && open.failures == 5)
            #expect(open.since == time.value && open.until == time.value.advanced(by: .seconds(30)))
            #expect(open.error == "it answers with status 500")
            #expect(circuits.refusedCount == 1)
            #expect(circuits.allowance(of: server.url) == 0)
            #expect(circuits.nextProbe(after: time.value) == open.until)
        }
    }

    @Test func `One request tries it after the pause, and its answer lets all others through`() async throws {
        try await run { circuits, client, server, request in
            for _ in 1...5 { _ = try await client.send(request) }
            advance(30)
            #expect(circuits.allowance(of: server.url) == 1)
            status.value = 200
            #expect(try await client.send(request).status == 200)
            #expect(circuits.open.isEmpty && circuits.allowance(of: server.url) == nil)
            #expect(try await client.send(request).status == 200)
            #expect(server.requests.count == 7)
        }
    }

    @Test func `Each try that fails doubles the pause, up to the longest`() async throws {
        try await run(CircuitPolicy(failures: 2, pause: .seconds(10), longest: .seconds(25))) {
            circuits, client, _, request in
            for _ in 1...2 { _ = try await client.send(request) }
            for pause: Int64 in [10, 20, 25, 25] {
                #expect(try await refusal(client, request)?.retryAfter == .seconds(pause))
                advance(pause)
                #expect(try await client.send(request).status == 500)
            }
            #expect(circuits.open.first?.since == Instant(seconds: 1_000))
        }
    }

    @Test func `While it is tried, others wait`() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let time = time
        let calls = Mutexed(0)
        let server = HTTPTestServer.answering { _ in
            calls.value += 1
            guard calls.value > 1 else { return HTTPTestReply(503) }
            return .later("back") { for await _ in gate.stream { break } }
        }
        try await server.run { server in
            let circuits = CircuitBreakers(CircuitPolicy(failures: 1)) { time.value }
            let client = OutboundClient(circuits: circuits)
            let request = OutboundRequest(url: server.url, policy: .allowPrivate)
            _ = try await client.send(request)
            advance(30)
            async let probe = client.send(request)
            try await waitUntil("the probe") { calls.value == 2 }
            #expect(try await refusal(client, request)?.code == .circuitOpen)
            gate.continuation.yield()
            #expect(try await probe.status == 200)
            #expect(circuits.open.isEmpty)
            #expect(calls.value == 2)
            await client.shutdown()
        }
    }

    @Test(arguments: [200, 302, 400, 404, 410, 429, 501])
    func `An answer that is none of its failures ends the row`(other: Int) async throws {
        try await run(CircuitPolicy(failures: 2)) { circuits, client, _, request in
            for code in [500, other, 500, other, 500] {
                status.value = code
                _ = try await client.send(request)
            }
            #expect(circuits.open.isEmpty)
            _ = try await client.send(request)
            #expect(circuits.open.count == 1)
        }
    }

    @Test func `No connection counts, and what is refused before it is sent does not`() async throws {
        let time = time
        let circuits = CircuitBreakers(CircuitPolicy(failures: 2)) { time.value }
        let client = OutboundClient(circuits: circuits)
        // Nothing listens at port 1.
        let request = OutboundRequest(url: "http://127.0.0.1:1/", policy: .allowPrivate)
        let refused = OutboundRequest(url: "http://127.0.0.1:1/", policy: .publicOnly)
        for _ in 1...3 { #expect(try await refusal(client, refused)?.code == .refusedAddress) }
        #expect(circuits.open.isEmpty)
        for _ in 1...2 { #expect(try await refusal(client, request)?.code == .connect) }
        #expect(circuits.open.map(\.origin) == ["http://127.0.0.1:1"])
        #expect(try await refusal(client, request)?.code == .circuitOpen)
        await client.shutdown()
    }

    @Test func `A clock that is set back does not keep it closed off for longer`() async throws {
        try await run(CircuitPolicy(failures: 1)) { circuits, client, _, request in
            _ = try await client.send(request)
            advance(-7_200)
            status.value = 200
            #expect(try await client.send(request).status == 200)
        }
    }
}

/// A value behind a lock.
private final class Mutexed<Value: Sendable>: Sendable {
    private let content: Mutex<Value>

    init(_ value: Value) { content = Mutex(value) }

    var value: Value {
        get { content.withLock { $0 } }
        set { content.withLock { $0 = newValue } }
    }
}
