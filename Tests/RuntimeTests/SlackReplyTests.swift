import Outbound
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

/// What a person is told who gives a slash command.
@Suite struct SlackReplyTests {
    private static let secret = "8f742231b10e8888abcd99yyyzzz85a5"

    private let fixture: RuntimeFixture
    private let inbox: Inbox

    init() throws {
        let webhook = "webhook: {source: slack, events: [command.deploy], secret: {env: SLACK}}"
        let resting = """
            apiVersion: writ/v1
            kind: Tool
            metadata: {name: resting}
            spec: {description: Rests., suspend: true, parameters: {type: object}, http: {url: "https://example.com/"}}
            """
        fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                RuntimeFixture.trigger("awake", webhook),
                RuntimeFixture.trigger("asleep", webhook + "\nsuspend: true"), resting,
                RuntimeFixture.trigger("idle", webhook).replacing("agent: brief", with: "tool: resting")))
        inbox = Inbox(
            store: fixture.store, catalogs: fixture.catalogs, secrets: { _ in Self.secret }, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    private func reply(_ trigger: String, _ command: String) throws -> String? {
        let timestamp = String(fixture.clock.now().seconds)
        let body = "command=%2F\(command)&text=now&trigger_id=\(trigger).\(command)"
        let answer = inbox.receive(
            endpoint: .trigger(trigger),
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("X-Slack-Request-Timestamp", timestamp),
                (
                    "X-Slack-Signature",
                    try HMACSignature(prefix: "v0=").sign(
                        Array("v0:\(timestamp):\(body)".utf8), secret: Array(Self.secret.utf8))
                ),
            ], body: Array(body.utf8))
        guard case .replied(_, let reply) = answer else { throw Invalid(description: "\(answer)") }
        let json = try JSON(parsing: reply.body)
        #expect(json["response_type"] == "ephemeral")
        return json["text"]?.string
    }

    @Test func `Taken on is said of what runs, and of nothing else`() throws {
        #expect(try reply("awake", "deploy") == "Taken on.")
        #expect(try reply("awake", "other") == "Not taken on: nothing is started by this.")
        let suspended = "Not taken on: this is suspended for now."
        #expect(try reply("asleep", "deploy") == suspended)
        #expect(try reply("idle", "deploy") == suspended)
        #expect(try fixture.runs(.queued).map(\.trigger) == ["awake"])
        // Of a duplicate the same is said, and it is none that was accepted.
        let before = fixture.metrics.snapshot
        #expect(try reply("awake", "deploy") == "Taken on.")
        #expect(fixture.metrics.snapshot.eventsAccepted == before.eventsAccepted)
        #expect(fixture.metrics.snapshot.eventsDuplicate == before.eventsDuplicate + 1)
        #expect(try fixture.runs(.queued).count == 1)
    }
}
