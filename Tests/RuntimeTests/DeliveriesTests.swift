import HTTPTestSupport
import Outbound
import Runtime
import Spec
import State
import Synchronization
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(1))) struct DeliveriesTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private static func manifests(_ url: String, isOpen: Bool = true, name: String = "ops") -> String {
        RuntimeFixture.manifests(
            """
            apiVersion: writ/v1
            kind: Channel
            metadata: {name: \(name)}
            spec: {webhook: {url: "\(url)", secret: {env: SIGNING}, allowPrivateNetworks: \(isOpen)}}
            """,
            """
            apiVersion: writ/v1
            kind: Channel
            metadata: {name: chat}
            spec: {slack: {webhookURL: {env: SLACK}}}
            """)
    }

    /// A delivery of a run that has ended.
    private func enqueue(_ fixture: RuntimeFixture, channel: String = "ops") throws {
        let now = fixture.clock.now()
        let claimed = try fixture.store.start(
            NewRun(target: .agent("brief"), revision: 1, notBefore: now), owner: "test", leaseFor: .seconds(60),
            now: now)
        try fixture.store.complete(
            claimed.lease, RunOutcome(.succeeded, output: "x"), at: now
        ) { _ in
            [NewDelivery(channel: channel, body: ["type": "run.succeeded"], maxAttempts: 10, notBefore: now)]
        }
    }

    private func delivery(_ fixture: RuntimeFixture) throws -> Delivery {
        try #require(try fixture.reader.deliveries().items.first)
    }

    private func send<Result: Sendable>(
        _ fixture: RuntimeFixture, secret: String? = DeliveriesTests.secret, circuits: CircuitBreakers? = nil,
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let client = OutboundClient(circuits: circuits)
        let service = Deliveries(
            store: fixture.store, catalogs: fixture.catalogs, client: client,
            secrets: { reference in
                guard let secret else { throw Invalid(description: "\(reference) is not set") }
                return secret
            }, clock: fixture.clock, owner: "one", circuits: circuits, random: { 0 }, metrics: fixture.metrics,
            logger: fixture.logger)
        let result: Result
        do {
            result = try await running(service) { _ in try await body() }
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
        return result
    }

    @Test func `A message arrives signed, and the receiver can verify it`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(204) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url + "/hook"))
            try enqueue(fixture)
            try await send(fixture) {
                try await waitUntil("delivered") { try delivery(fixture).state == .delivered }
            }
            let request = try #require(server.requests.first)
            #expect(request.method == "POST" && request.target == "/hook")
            #expect(request.text == #"{"type":"run.succeeded"}"#)
            #expect(request.values("content-type") == ["application/json"])
            let verdict = try StandardWebhooks(secrets: [Self.secret]).verify(
                id: request.values("webhook-id").first, timestamp: request.values("webhook-timestamp").first,
                signature: request.values("webhook-signature").first, body: request.body, now: fixture.clock.now())
            #expect(verdict == .valid)
            #expect(try delivery(fixture).responseStatus == 204)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `What failed is sent again by the schedule, with the same id and a new timestamp`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(500) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try enqueue(fixture)
            try await send(fixture) {
                for time in ["00:00:05", "00:05:05", "00:35:05"] {
                    try await waitUntil("retry at \(time)") { try delivery(fixture).notBefore == .at(time) }
                    fixture.clock.set(.at(time))
                }
                try await waitUntil("four attempts") { server.requests.count == 4 }
                try await waitUntil("the fifth's time") { try delivery(fixture).notBefore == .at("02:35:05") }
            }
            let requests = server.requests
            #expect(Set(requests.flatMap { $0.values("webhook-id") }).count == 1)
            #expect(Set(requests.flatMap { $0.values("webhook-timestamp") }).count == 4)
            #expect(try delivery(fixture).lastError == "the receiver answered 500")
        }
    }

    @Test func `What is retried goes on to the renamed channel, as that is declared now`() async throws {
        try await HTTPTestServer.answering({ $0.target == "/new" ? HTTPTestReply(204) : HTTPTestReply(500) }).run {
            server in
            let fixture = try RuntimeFixture(Self.manifests(server.url + "/old"))
            try enqueue(fixture)
            try await send(fixture) {
                try await waitUntil("the retry") { try delivery(fixture).notBefore == .at("00:00:05") }
                try fixture.apply(Self.manifests(server.url + "/old", name: "alerts, renamedFrom: ops"))
                fixture.clock.set(.at("00:00:05"))
                try await waitUntil("the next") { try delivery(fixture).notBefore == .at("00:05:05") }
                #expect(try delivery(fixture).channel == "alerts")
                try fixture.apply(Self.manifests(server.url + "/new", name: "bells, renamedFrom: alerts"))
                fixture.clock.set(.at("00:05:05"))
                try await waitUntil("delivered") { try delivery(fixture).state == .delivered }
            }
            #expect(server.requests.map(\.target) == ["/old", "/old", "/new"])
            #expect(try delivery(fixture).channel == "bells")
        }
    }

    @Test func `The receiver's Retry-After is honoured`() async throws {
        let reply = HTTPTestReply(429, headers: [("retry-after", "120")])
        try await HTTPTestServer.answering({ _ in reply }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try enqueue(fixture)
            try await send(fixture) {
                try await waitUntil("its time") { try delivery(fixture).notBefore == .at("00:02:00") }
            }
        }
    }

    @Test("Messages to a host that keeps failing wait for it, and use up no attempts (fault E92)")
    func leftAlone() async throws {
        let isUp = Flag()
        let server = HTTPTestServer.answering { _ in HTTPTestReply(isUp.isSet ? 204 : 503) }
        try await server.run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            let circuits = CircuitBreakers(CircuitPolicy(failures: 3, pause: .seconds(60))) { fixture.clock.now() }
            @Sendable func all() throws -> [Delivery] { try fixture.reader.deliveries(Page(limit: 100)).items }
            // One after the other, so that it is known which of them failed.
            try await send(fixture, circuits: circuits) {
                for number in 1...3 {
                    try enqueue(fixture)
                    try await waitUntil("failure \(number)") { try all().count { $0.attempt == 1 } == number }
                }
                try await waitUntil("the circuit") { circuits.open.count == 1 }
                for _ in 1...20 { try enqueue(fixture) }
                // The first three are due again before the host is tried.
                fixture.clock.advance(.seconds(10))
                try await waitUntil("the loop to look") { fixture.clock.deadlines.first == .at("00:01:00") }
                #expect(server.requests.count == 3)
                #expect(try all().allSatisfy { $0.state == .queued && $0.attempt <= 1 })
                isUp.set()
                fixture.clock.advance(.seconds(60))
                try await waitUntil("all of them") { try all().allSatisfy { $0.state == .delivered } }
            }
            #expect(server.requests.count == 26)
            #expect(try all().map(\.attempt).max() == 2)
            #expect(circuits.open.isEmpty)
        }
    }

    @Test("What a receiver says beside its status sends nothing again", arguments: [200, 410])
    func bodies(status: Int) async throws {
        let replies = [
            HTTPTestReply(status, String(repeating: "x", count: 100_000)),
            HTTPTestReply(status, headers: [("content-encoding", "gzip")], "no gzip"),
            HTTPTestReply(raw: "HTTP/1.1 \(status) X\r\ncontent-length: 100\r\n\r\npart", after: .close),
            HTTPTestReply(raw: "HTTP/1.1 \(status) X\r\ncontent-length: 100\r\n\r\npart", after: .stall),
        ]
        for reply in replies {
            try await HTTPTestServer.answering({ _ in reply }).run { server in
                let fixture = try RuntimeFixture(Self.manifests(server.url))
                try enqueue(fixture)
                try await send(fixture) {
                    try await waitUntil("the end") { try delivery(fixture).finishedAt != nil }
                }
                #expect(try delivery(fixture).state == (status == 200 ? .delivered : .failed))
                #expect(try delivery(fixture).responseStatus == status)
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test func `A redirect is a failure and is not followed`() async throws {
        try await HTTPTestServer.answering({ _ in .redirect(307, to: "/other") }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try enqueue(fixture)
            try await send(fixture) {
                try await waitUntil("the failure") { try delivery(fixture).responseStatus == 307 }
            }
            #expect(server.requests.count == 1)
            #expect(try delivery(fixture).state == .queued)
        }
    }

    @Test func `410 closes the channel until it is changed`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(410) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url + "/old"))
            @Sendable func failed() throws -> Int {
                try fixture.reader.deliveries(Page(), DeliveryFilter(state: .failed)).items.count
            }
            try enqueue(fixture)
            try await send(fixture) {
                try await waitUntil("refused") { try failed() == 1 }
                try enqueue(fixture)
                try await waitUntil("not sent") { try failed() == 2 }
                #expect(server.requests.count == 1)
                #expect(try delivery(fixture).lastError?.contains("until the channel is changed") == true)
                #expect(try fixture.reader.closedChannels().keys.sorted() == ["ops"])
                try fixture.apply(Self.manifests(server.url + "/new"))
                try enqueue(fixture)
                try await waitUntil("sent again") { try failed() == 3 }
                #expect(server.requests.map(\.target) == ["/old", "/new"])
            }
        }
    }

    @Test func `410 ends it at once`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(410) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try enqueue(fixture)
            try await send(fixture) {
                try await waitUntil("the end") { try delivery(fixture).state == .failed }
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test func `Private networks are closed unless the channel opens them`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url, isOpen: false))
            try enqueue(fixture)
            try await send(fixture) {
                try await waitUntil("the refusal") { try delivery(fixture).state == .failed }
            }
            #expect(server.requests.isEmpty)
            #expect(try delivery(fixture).lastError?.contains("allow private networks") == true)
        }
    }

    @Test func `Channels of later versions fail clearly`() async throws {
        let fixture = try RuntimeFixture(Self.manifests("https://example.com"))
        try enqueue(fixture, channel: "chat")
        try await send(fixture) {
            try await waitUntil("the refusal") { try delivery(fixture).state == .failed }
        }
        #expect(
            try delivery(fixture).lastError == "this version of writ does not send to channels of type slack")
    }

    @Test(
        "Without a usable secret nothing is sent, and no secret is told",
        arguments: [nil, "whsec_dG9vIHNob3J0", "not a secret at all"])
    func noSecret(secret: String?) async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply() }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try enqueue(fixture)
            try await send(fixture, secret: secret) {
                try await waitUntil("the failure") { try delivery(fixture).lastError != nil }
            }
            let error = try #require(try delivery(fixture).lastError)
            #expect(error.contains("environment variable SIGNING"))
            if let secret { #expect(!error.contains(secret)) }
            #expect(server.requests.isEmpty)
        }
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() { state.withLock { $0 = true } }
}
