import Agents
import HTTPTestSupport
import Outbound
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

/// What a person hears of the run that a slash command started.
@Suite(.timeLimit(.minutes(1))) struct SlackAnswerTests {
    private static let secret = "8f742231b10e8888abcd99yyyzzz85a5"
    /// Whoever knows it can answer.
    private static let path = "/commands/T1/2/zqSecretOfTheAddress"

    private static func manifests(_ origin: String, isOpen: Bool = true, deliver: String = "[answer]") -> String {
        RuntimeFixture.manifests(
            RuntimeFixture.trigger("deploy", "webhook: {source: slack, secret: {env: SLACK}}\ndeliver: \(deliver)"),
            """
            apiVersion: writ/v1
            kind: Channel
            metadata: {name: answer}
            spec: {slackResponse: {origin: "\(origin)", allowPrivateNetworks: \(isOpen)}}
            ---
            apiVersion: writ/v1
            kind: Channel
            metadata: {name: aloud}
            spec:
              slackResponse: {origin: "\(origin)", visibility: inChannel, allowPrivateNetworks: true}
              template: "<{{payload.user_id}}> asked for {{payload.text}}: {{output}}"
            """)
    }

    private func inbox(_ fixture: RuntimeFixture) -> Inbox {
        Inbox(
            store: fixture.store, catalogs: fixture.catalogs, secrets: { _ in Self.secret }, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    /// A slash command, or what is pressed, as Slack sends it.
    @discardableResult
    private func command(_ fixture: RuntimeFixture, form: String) throws -> String {
        let timestamp = String(fixture.clock.now().seconds)
        let signature = try HMACSignature(prefix: "v0=").sign(
            Array("v0:\(timestamp):\(form)".utf8), secret: Array(Self.secret.utf8))
        let answer = inbox(fixture).receive(
            endpoint: .trigger("deploy"),
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("X-Slack-Request-Timestamp", timestamp),
                ("X-Slack-Signature", signature),
            ], body: Array(form.utf8))
        guard case .replied(let id, _) = answer else { throw Invalid(description: "\(answer)") }
        return id
    }

    @discardableResult
    private func command(_ fixture: RuntimeFixture, at url: String) throws -> String {
        try command(
            fixture,
            form: "command=%2Fdeploy&text=site&user_id=U1&trigger_id=t1&response_url="
                + PercentEncodedForm.encode(url + Self.path))
    }

    private func working<Result: Sendable>(
        _ fixture: RuntimeFixture, says output: String = "done",
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let client = OutboundClient()
        let workers = Workers(
            RunWorker(
                store: fixture.store, catalogs: fixture.catalogs, executor: FakeExecutor.answering(.success(output)),
                clock: fixture.clock, random: { 0 }, metrics: fixture.metrics, logger: fixture.logger), owner: "one")
        let deliveries = Deliveries(
            store: fixture.store, catalogs: fixture.catalogs, client: client, secrets: { _ in Self.secret },
            clock: fixture.clock, owner: "one", random: { 0 }, metrics: fixture.metrics, logger: fixture.logger)
        let result = await Task { try await running(workers, deliveries) { _ in try await body() } }.result
        await client.shutdown()
        return try result.get()
    }

    private func ended(_ fixture: RuntimeFixture, _ count: Int = 1) async throws -> [Delivery] {
        try await waitUntil("the deliveries are over") {
            try fixture.reader.deliveries().items.count { $0.finishedAt != nil } == count
        }
        return try fixture.reader.deliveries().items
    }

    @Test func `A slash command is answered at its address, which is told nowhere`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url, deliver: "[answer, aloud]"))
            let id = try command(fixture, at: server.url)
            let deliveries = try await working(fixture, says: "<!channel> a & b") { try await ended(fixture, 2) }
            #expect(deliveries.map(\.state) == [.delivered, .delivered])
            #expect(Set(server.requests.map(\.target)) == [Self.path])
            let bodies = try server.requests.map { try JSON(parsing: $0.body) }
            #expect(
                Set(bodies) == [
                    ["response_type": "ephemeral", "replace_original": false, "text": "&lt;!channel&gt; a &amp; b"],
                    [
                        "response_type": "in_channel", "replace_original": false,
                        "text": "&lt;U1&gt; asked for site: &lt;!channel&gt; a &amp; b",
                    ],
                ])
            let event = try #require(try fixture.reader.event(id))
            #expect(event.payload["text"] == "site" && event.payload["response_url"] == nil)
            #expect(!"\(event)\(deliveries)\(try fixture.runs())".contains("zqSecret"))
            let run = try #require(try fixture.runs().first?.id)
            let address = try #require(try fixture.reader.answerAddress(ofRun: run, at: fixture.clock.now()))
            #expect(address.url == server.url + Self.path && !"\(address)".contains("zqSecret"))
            // Only while Slack takes answers.
            #expect(try fixture.store.forgetAnswerAddresses(now: .at("00:29:59")) == 0)
            #expect(try fixture.reader.answerAddress(ofRun: run, at: .at("00:30:00")) == nil)
            #expect(try fixture.store.forgetAnswerAddresses(now: .at("00:30:00")) == 1)
        }
    }

    @Test func `So is what somebody did with a button`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200, #"{"ok":true}"#) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            let payload = #"{"type":"block_actions","trigger_id":"t","response_url":"\#(server.url)\#(Self.path)"}"#
            let id = try command(fixture, form: "payload=" + PercentEncodedForm.encode(payload))
            let deliveries = try await working(fixture) { try await ended(fixture) }
            #expect(deliveries.map(\.state) == [.delivered])
            #expect(try fixture.reader.event(id)?.payload == ["type": "block_actions", "trigger_id": "t"])
        }
    }

    @Test func `What failed is sent again within Slack's half an hour, five times at most`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(500) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try command(fixture, at: server.url)
            let deliveries = try await working(fixture) {
                for time in ["00:00:05", "00:01:05", "00:06:05", "00:16:05"] {
                    try await waitUntil("retry at \(time)") {
                        try fixture.reader.deliveries().items.first?.notBefore == .at(time)
                    }
                    fixture.clock.set(.at(time))
                }
                return try await ended(fixture)
            }
            #expect(deliveries.map(\.state) == [.discarded])
            #expect(deliveries.map(\.lastError) == ["Slack answered 500"])
            #expect(server.requests.count == 5)
            let keys = Set(server.requests.flatMap { $0.values("idempotency-key") })
            #expect(keys == Set(deliveries.map(\.messageID)))
        }
    }

    @Test func `It is not sent again when Slack takes it no more`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(429, headers: [("retry-after", "1800")]) }).run {
            server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try command(fixture, at: server.url)
            let deliveries = try await working(fixture) { try await ended(fixture) }
            #expect(deliveries.map(\.state) == [.failed])
            #expect(
                deliveries.map(\.lastError) == [
                    "Slack answered 429; no answer is taken after 2026-01-01T00:30:00Z"
                ])
            #expect(server.requests.count == 1)
        }
    }

    @Test func `A run that took too long has nobody to answer, and says so`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try command(fixture, at: server.url)
            fixture.clock.set(.at("00:30:00"))
            let deliveries = try await working(fixture) { try await ended(fixture) }
            #expect(deliveries.map(\.state) == [.failed])
            #expect(deliveries.first?.lastError?.hasPrefix("nobody waits for an answer") == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("An address elsewhere, or in a private network, is refused", arguments: [true, false])
    func refused(isElsewhere: Bool) async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200) }).run { server in
            let origin = isElsewhere ? "https://hooks.slack.com" : server.url
            let fixture = try RuntimeFixture(Self.manifests(origin, isOpen: isElsewhere))
            try command(fixture, at: server.url)
            let deliveries = try await working(fixture) { try await ended(fixture) }
            #expect(deliveries.map(\.state) == [.failed])
            let error = try #require(deliveries.first?.lastError)
            #expect(!error.contains("zqSecret"), "\(error)")
            #expect(!isElsewhere || error.contains("not at https://hooks.slack.com"), "\(error)")
            #expect(server.requests.isEmpty)
        }
    }

    @Test(
        "What Slack refuses is over",
        arguments: [(404, "used_url"), (403, ""), (302, ""), (200, #"{"ok":false,"error":"expired_url"}"#)])
    func over(status: Int, body: String) async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(status, body) }).run { server in
            let fixture = try RuntimeFixture(Self.manifests(server.url))
            try command(fixture, at: server.url)
            let deliveries = try await working(fixture) { try await ended(fixture) }
            #expect(deliveries.map(\.state) == [.failed])
            #expect(server.requests.count == 1)
        }
    }

    @Test func `The address is not kept where nobody answers`() throws {
        let fixture = try RuntimeFixture(Self.manifests("https://hooks.slack.com", deliver: "[]"))
        try command(fixture, at: "https://hooks.slack.com")
        let run = try #require(try fixture.runs().first?.id)
        #expect(try fixture.reader.answerAddress(ofRun: run, at: fixture.clock.now()) == nil)
    }
}

/// As browsers, and Slack, write the values of a form.
private enum PercentEncodedForm {
    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
