import Agents
import HTTPTestSupport
import Outbound
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

/// The whole way of an event, with every part running.
@Suite(.timeLimit(.minutes(1))) struct EventToMessageTests {
    private static let signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test func `A real pull request becomes a run and a message that its receiver can verify`() async throws {
        try await HTTPTestServer.answering({ _ in HTTPTestReply(200) }).run { server in
            let fixture = try RuntimeFixture(
                RuntimeFixture.manifests(
                    RuntimeFixture.trigger(
                        "triage",
                        """
                        webhook: {source: github, events: [pull_request], secret: {env: HOOK}}
                        match: [{path: payload.repository.full_name, equals: Codertocat/Hello-World}]
                        deliver: [ops]
                        """),
                    """
                    apiVersion: writ/v1
                    kind: Channel
                    metadata: {name: ops}
                    spec: {webhook: {url: "\(server.url)", secret: {env: SIGNING}, allowPrivateNetworks: true}}
                    """))
            let secrets: SecretLookup = { reference in
                reference.source == .environment("HOOK") ? "It's a Secret to Everybody" : Self.signing
            }
            let executor = FakeExecutor { work, _ in
                .success("Pull request \(work.facts.value(atPath: "payload.number")?.int ?? 0)")
            }
            let client = OutboundClient()
            let workers = Workers(
                RunWorker(
                    store: fixture.store, catalogs: fixture.catalogs, executor: executor, clock: fixture.clock,
                    random: { 0 }, metrics: fixture.metrics, logger: fixture.logger), owner: "one")
            let deliveries = Deliveries(
                store: fixture.store, catalogs: fixture.catalogs, client: client, secrets: secrets,
                clock: fixture.clock, owner: "one", random: { 0 }, metrics: fixture.metrics, logger: fixture.logger)
            let inbox = Inbox(
                store: fixture.store, catalogs: fixture.catalogs, secrets: secrets, clock: fixture.clock,
                metrics: fixture.metrics, logger: fixture.logger)
            let body = try RuntimeTests.fixture("pull_request.assigned.json")
            let signature = try HMACSignature.github.sign(body, secret: Array("It's a Secret to Everybody".utf8))
            try await running(workers, deliveries) { _ in
                let answer = inbox.receive(
                    endpoint: .trigger("triage"),
                    headers: [
                        ("X-GitHub-Event", "pull_request"), ("X-GitHub-Delivery", "d-1"),
                        ("X-Hub-Signature-256", signature),
                    ], body: body)
                guard case .accepted = answer else { throw Invalid(description: "\(answer)") }
                try await waitUntil("the message") {
                    try fixture.reader.deliveries().items.first?.state == .delivered
                }
            }
            await client.shutdown()
            let message = try #require(server.requests.first)
            let verdict = try StandardWebhooks(secrets: [Self.signing]).verify(
                id: message.values("webhook-id").first, timestamp: message.values("webhook-timestamp").first,
                signature: message.values("webhook-signature").first, body: message.body, now: fixture.clock.now())
            #expect(verdict == .valid)
            #expect(try JSON(parsing: message.body).value(atPath: "data.output") == "Pull request 2")
            #expect(server.requests.count == 1)
        }
    }
}
