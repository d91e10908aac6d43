import Spec
import State
import Testing
import Values

@Suite("Deliveries to what is renamed") struct RenamedChannelTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.create(.agent("brief"), id("ops"), id("chat"))
    }

    private func id(_ name: String) -> ResourceID { ResourceID(kind: .channel, name: name) }

    /// Ends a run of the first revision with a message.
    @discardableResult
    private func deliver(to channel: String) throws -> String {
        let claimed = try fixture.store.start(
            NewRun(target: .agent("brief"), revision: 1, notBefore: StateFixture.at(0)), owner: "one",
            leaseFor: .seconds(60), now: StateFixture.at(0))
        try fixture.store.complete(claimed.lease, RunOutcome(.succeeded), at: StateFixture.at(1)) { _ in
            [NewDelivery(channel: channel, body: [:], notBefore: StateFixture.at(1))]
        }
        return try #require(try fixture.reader.deliveries(Page(), DeliveryFilter(run: claimed.run.id)).items.first).id
    }

    private func take() throws -> [ClaimedDelivery] {
        try fixture.store.claimDeliveries(
            now: StateFixture.at(60), owner: "one", leaseFor: .seconds(60), limit: 10, concurrency: { _ in 9 })
    }

    private func channel(_ delivery: String) throws -> String? { try fixture.reader.delivery(delivery)?.channel }

    @Test func `what waits and what is being sent goes on to the renamed channel, and what is over stays`() throws {
        let over = try deliver(to: "ops")
        for taken in try take() { try fixture.store.delivered(taken.lease, status: 200, at: StateFixture.at(61)) }
        let sending = try deliver(to: "ops")
        let taken = try #require(try take().first)
        let waiting = try deliver(to: "ops")
        try fixture.rename(.channel, [("ops", "chat"), ("chat", "ops")], at: 62)
        #expect(try channel(over) == "ops")
        #expect(try channel(waiting) == "chat")
        _ = try fixture.store.retryDelivery(
            taken.lease, error: "x", status: 500, notBefore: StateFixture.at(5), at: StateFixture.at(2))
        #expect(try take().map(\.delivery.channel) == ["chat", "chat"])
        #expect(try channel(sending) == "chat")
        let listed = try fixture.reader.deliveries().items
        let names = Dictionary(uniqueKeysWithValues: listed.map { ($0.id, $0.currentChannel) })
        #expect(names == [over: "chat", sending: "chat", waiting: "chat"])
    }

    @Test func `a run that ends after the rename sends to the new name`() throws {
        try fixture.rename(.channel, "ops", "alerts")
        try fixture.create(id("ops"))
        #expect(try channel(try deliver(to: "ops")) == "alerts")
    }

    @Test(arguments: ["one", "another address"])
    func `a closed channel stays closed where its name alone is another one`(_ text: String) throws {
        try deliver(to: "ops")
        let taken = try #require(try take().first)
        let digest = StateFixture.manifest(id("ops")).digest
        try fixture.store.closeChannel(by: taken.lease, digest: digest, error: "x", status: 410, at: StateFixture.at(2))
        try fixture.rename(.channel, "ops", "alerts", to: text)
        let new = StateFixture.manifest(id("alerts"), text).digest
        let closed = try fixture.reader.closedChannel("alerts", digest: new)
        #expect((closed?.since == StateFixture.at(2)) == (text == "one"))
        #expect(try fixture.reader.closedChannels().keys.sorted() == ["alerts"])
    }
}
