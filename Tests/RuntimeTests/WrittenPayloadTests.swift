import Agents
import Outbound
import Runtime
import Spec
import State
import TestSupport
import Testing
import Values

/// Numbers of a payload, from the request to what an agent is told.
@Suite struct WrittenPayloadTests {
    private let desk: SenderDesk

    init() throws { desk = try SenderDesk() }

    private static let data = #"{"id":12345678901234567890123,"price":1.10}"#

    private func slack(_ body: String) throws -> InboxAnswer {
        let timestamp = String(desk.fixture.clock.now().seconds)
        let signature = try HMACSignature(prefix: "v0=").sign(
            Array("v0:\(timestamp):\(body)".utf8), secret: Array(SenderDesk.slackSecret.utf8))
        return desk.send(
            "slack",
            [
                ("Content-Type", "application/json"), ("X-Slack-Request-Timestamp", timestamp),
                ("X-Slack-Signature", signature),
            ], body)
    }

    private func cloud(_ type: String, _ body: String) -> InboxAnswer {
        desk.send("cloud", [("Authorization", "Bearer cloud token"), ("Content-Type", type)], body)
    }

    @Test("They stay as the sender wrote them", arguments: ["slack", "cloud", "batch"])
    func numbers(sender: String) async throws {
        let event = #"{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data":\#(Self.data)}"#
        switch sender {
        case "slack":
            _ = try slack(
                #"{"token":"t","type":"event_callback","event_id":"Ev1","event":{"type":"a","data":\#(Self.data)}}"#)
        case "cloud": _ = cloud("application/cloudevents+json", event)
        default: _ = cloud("application/cloudevents-batch+json", "[\(event)]")
        }
        let payload = try #require(try desk.events().first?.payload)
        #expect(payload.writtenText.contains(Self.data), "\(payload.writtenText)")
        let executor = FakeExecutor.answering(.success("done"))
        let workers = Workers(
            RunWorker(
                store: desk.fixture.store, catalogs: desk.fixture.catalogs, executor: executor,
                clock: desk.fixture.clock, random: { 0 }, metrics: desk.fixture.metrics, logger: desk.fixture.logger),
            owner: "one")
        try await running(workers) { _ in
            try await waitUntil("the run") { executor.works.count == 1 }
        }
        let facts = try #require(executor.works.first?.facts)
        let path = sender == "slack" ? "payload.event.data" : "payload.data"
        #expect(try Template("{{\(path).id}} {{\(path).price}}").render(facts) == "12345678901234567890123 1.10")
    }
}
