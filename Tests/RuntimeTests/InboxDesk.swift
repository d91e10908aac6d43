import Dispatch
import Foundation
import Outbound
import Runtime
import Spec
import State
import Testing
import Values

/// An inbox with endpoints of several sorts, and senders who know its secrets.
struct InboxDesk: Sendable {
    private struct NoSecret: Error {}

    static let secrets = [
        "HOOK": "It's a Secret to Everybody", "OLD": "mysecret", "EMPTY": "  ", "SITE": "site secret value",
    ]

    static let manifests = RuntimeFixture.manifests(
        RuntimeFixture.trigger("hello", "webhook: {source: github, secret: {env: HOOK}}"),
        RuntimeFixture.trigger("rotating", "webhook: {source: github, secret: [{env: OLD}, {env: HOOK}]}"),
        RuntimeFixture.trigger("half", "webhook: {source: github, secret: [{env: GONE}, {env: HOOK}]}"),
        RuntimeFixture.trigger("unset", "webhook: {source: github, secret: {env: GONE}}"),
        RuntimeFixture.trigger("blank", "webhook: {source: github, secret: {env: EMPTY}}"),
        RuntimeFixture.trigger("own", "webhook: {source: generic, secret: {env: HOOK}}"),
        RuntimeFixture.trigger("bearer", "webhook: {source: generic, secret: {env: HOOK}, bearer: true}"),
        RuntimeFixture.trigger("timed", "schedule: {cron: '0 5 * * *'}"),
        RuntimeFixture.trigger(
            "triage", "webhook: {source: github, repository: site, events: [pull_request], secret: {env: SITE}}"),
        RuntimeFixture.trigger(
            "opened",
            "webhook: {source: github, repository: site, events: [pull_request.opened], secret: {env: SITE}}"),
        """
        apiVersion: writ/v1
        kind: Repository
        metadata: {name: site}
        spec:
          url: https://github.com/Codertocat/Hello-World
          webhook: {secret: {env: SITE}}
        """)

    let fixture: RuntimeFixture
    let inbox: Inbox

    init() throws {
        fixture = try RuntimeFixture(Self.manifests)
        inbox = Inbox(
            store: fixture.store, catalogs: fixture.catalogs,
            secrets: { reference in
                guard case .environment(let name) = reference.source, let secret = Self.secrets[name] else {
                    throw NoSecret()
                }
                return secret
            }, clock: fixture.clock, metrics: fixture.metrics, logger: fixture.logger)
    }

    func send(
        _ body: String = "{}", to trigger: String = "hello", secret: String? = "HOOK", event: String = "push",
        id: String? = nil, headers: [(String, String)] = []
    ) throws -> InboxAnswer {
        try send(Array(body.utf8), to: .trigger(trigger), secret: secret, event: event, id: id, headers: headers)
    }

    func send(
        _ body: [UInt8], to endpoint: EventFacts.Endpoint, secret: String?, event: String, id: String? = nil,
        headers: [(String, String)] = []
    ) throws -> InboxAnswer {
        var all = [("X-GitHub-Event", event), ("Content-Type", "application/json")] + headers
        all.append(("X-GitHub-Delivery", id ?? UUID().uuidString))
        if let secret = secret.flatMap({ Self.secrets[$0] }) {
            all.append(
                ("X-Hub-Signature-256", try HMACSignature.github.sign(body, secret: Array(secret.utf8))))
        }
        return inbox.receive(endpoint: endpoint, headers: all, body: body)
    }

    /// As the connection does it, which waits for nothing.
    func sendAtConnection(
        _ body: String, to trigger: String, secret: String = "HOOK", id: String
    ) async throws -> InboxAnswer {
        let bytes = Array(body.utf8)
        let headers = [
            ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", id),
            (
                "X-Hub-Signature-256",
                try HMACSignature.github.sign(bytes, secret: Array(try #require(Self.secrets[secret]).utf8))
            ),
        ]
        let connection = DispatchQueue(label: "connection")
        return await withCheckedContinuation { continuation in
            let place = AnswerPlace(connection) { connection.async(execute: $0) }
            inbox.receiveTogether(endpoint: .trigger(trigger), headers: headers, body: bytes, at: place) {
                continuation.resume(returning: $0)
            }
        }
    }

    func events() throws -> [EventSummary] { try fixture.reader.events().items }

    func event(_ answer: InboxAnswer) throws -> Event {
        guard case .accepted(let id) = answer else { throw Invalid(description: "\(answer)") }
        return try #require(try fixture.reader.event(id))
    }
}

/// Tests that send to one.
protocol InboxTesting {
    var desk: InboxDesk { get }
}

extension InboxTesting {
    var fixture: RuntimeFixture { desk.fixture }
    var inbox: Inbox { desk.inbox }

    func secret(_ name: String) -> [UInt8] { Array(InboxDesk.secrets[name, default: ""].utf8) }

    func events() throws -> [EventSummary] { try desk.events() }

    func event(_ answer: InboxAnswer) throws -> Event { try desk.event(answer) }

    func send(
        _ body: String = "{}", to trigger: String = "hello", secret: String? = "HOOK", event: String = "push",
        id: String? = nil, headers: [(String, String)] = []
    ) throws -> InboxAnswer {
        try desk.send(body, to: trigger, secret: secret, event: event, id: id, headers: headers)
    }

    func send(
        _ body: [UInt8], to endpoint: EventFacts.Endpoint, secret: String?, event: String, id: String? = nil,
        headers: [(String, String)] = []
    ) throws -> InboxAnswer {
        try desk.send(body, to: endpoint, secret: secret, event: event, id: id, headers: headers)
    }
}
