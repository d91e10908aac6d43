import State
import TestSupport
import Testing
import Values

@Suite struct OutboxTests {
    let fixture: StateFixture
    /// The run that made the deliveries.
    let run: String

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief")
        run = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        let deliveries = [
            NewDelivery(channel: "later", body: "b", maxAttempts: 2, notBefore: StateFixture.at(10)),
            NewDelivery(channel: "now", body: ["text": "a"], maxAttempts: 2, notBefore: StateFixture.at(1)),
        ]
        try fixture.store.complete(
            try fixture.claimOne().lease, RunOutcome(.succeeded), at: StateFixture.at(1)
        ) { _ in deliveries }
    }

    private func claim(at seconds: Int64, owner: String = "one") throws -> [ClaimedDelivery] {
        try fixture.store.claimDeliveries(
            now: StateFixture.at(seconds), owner: owner, leaseFor: .seconds(60), limit: 10, concurrency: { _ in 10 })
    }

    private func delivery(_ channel: String) throws -> Delivery {
        try #require(try fixture.reader.deliveries(Page(), DeliveryFilter(channel: channel)).items.first)
    }

    @Test("fault E98: what waits in the outbox waits no longer when the clock is set back, and no longer than it can")
    func clockSetBack() throws {
        let table = WorkTable.deliveries(longest: .seconds(3_600))
        // By a clock that was 100,000 seconds ahead.
        let sent = try claim(at: 100_000)
        #expect(sent.count == 2)
        for (delivery, wait) in zip(sent, [30, 90_000] as [Int64]) {
            _ = try fixture.store.retryDelivery(
                delivery.lease, error: "timeout", status: nil, notBefore: StateFixture.at(100_000 + wait),
                at: StateFixture.at(100_000))
        }
        func due() throws -> [Instant] { try ["later", "now"].map { try delivery($0).notBefore }.sorted() }
        let moved = try fixture.store.followClock(
            table, back: .seconds(100_000), lease: .seconds(60), now: StateFixture.at(0))
        #expect(moved == 2)
        #expect(try due() == [StateFixture.at(0), StateFixture.at(30)])
        #expect(try fixture.store.unstrand(table, isStart: false, now: StateFixture.at(0)) == 0)
        _ = try fixture.store.unstrand(table, isStart: false, now: StateFixture.at(-7_200))
        #expect(try due() == [StateFixture.at(-7_200), StateFixture.at(-7_200)])
    }

    @Test func `deliveries are taken when they are due and once`() throws {
        let taken = try claim(at: 1)
        #expect(taken.map(\.delivery.channel) == ["now"])
        #expect(taken.first?.delivery.body == ["text": "a"])
        #expect(taken.first?.delivery.run == run)
        #expect(taken.first?.delivery.messageID == taken.first?.delivery.id)
        #expect(try claim(at: 1).isEmpty)
        #expect(try fixture.reader.nextWakeUp(after: StateFixture.at(1)) == StateFixture.at(10))
        try fixture.store.delivered(try #require(taken.first).lease, status: 204, at: StateFixture.at(2))
        let delivered = try delivery("now")
        #expect(delivered.state == .delivered)
        #expect(delivered.responseStatus == 204)
        #expect(delivered.finishedAt == StateFixture.at(2))
        #expect(try fixture.reader.delivery(delivered.id) == delivered)
        #expect(try fixture.reader.queueCounts().deliveries == [.delivered: 1, .queued: 1])
    }

    @Test func `a delivery is tried again under one message id and discarded in the end`() throws {
        let first = try #require(try claim(at: 1).first)
        #expect(
            try fixture.store.retryDelivery(
                first.lease, error: "timeout", status: nil, notBefore: StateFixture.at(5), at: StateFixture.at(2))
                == .queued)
        #expect(try delivery("now").lastError == "timeout")
        let second = try #require(try claim(at: 5).first)
        #expect(second.delivery.messageID == first.delivery.messageID)
        #expect(second.delivery.attempt == 2)
        #expect(
            try fixture.store.retryDelivery(
                second.lease, error: "503", status: 503, notBefore: StateFixture.at(9), at: StateFixture.at(6))
                == .discarded)
        #expect(try delivery("now").state == .discarded)
        #expect(try delivery("now").responseStatus == 503)
    }

    @Test func `a delivery that the receiver refuses for good is not tried again`() throws {
        let taken = try #require(try claim(at: 1).first)
        try fixture.store.failDelivery(taken.lease, error: "gone", status: 410, at: StateFixture.at(2))
        #expect(try delivery("now").state == .failed)
        #expect(try claim(at: 5).isEmpty)
    }

    @Test("fault E90: a sender past its lease records nothing")
    func fence() throws {
        let slow = try #require(try claim(at: 1, owner: "dead").first).lease
        #expect(try fixture.store.recoverDeliveries(owner: "alive", now: StateFixture.at(2)) == [slow.id])
        let again = try #require(try claim(at: 2, owner: "alive").first)
        #expect(again.delivery.attempt == 2)
        let late = StateFixture.at(3)
        let attempts: [() throws -> Void] = [
            { try fixture.store.delivered(slow, status: 200, at: late) },
            { try fixture.store.failDelivery(slow, error: "", status: nil, at: late) },
            { _ = try fixture.store.retryDelivery(slow, error: "", status: nil, notBefore: late, at: late) },
            { try fixture.store.releaseDelivery(slow) },
            { try fixture.store.renewDelivery(slow, until: late) },
        ]
        for attempt in attempts { #expect(try code(attempt) == .staleLease) }
        #expect(try delivery("now").state == .sending)
        _ = try fixture.store.recoverDeliveries(owner: "third", now: StateFixture.at(4))
        #expect(try delivery("now").state == .discarded)
    }

    @Test func `a sending under way here is no orphan, whatever the clock says`() throws {
        let lease = try #require(try claim(at: 1).first).lease
        let late = StateFixture.at(900)
        #expect(try fixture.store.recoverDeliveries(owner: lease.owner, now: late, except: [lease]).isEmpty)
        try fixture.store.renewDelivery(lease, until: StateFixture.at(960))
        #expect(try fixture.store.recoverDeliveries(owner: lease.owner, now: late).isEmpty)
        #expect(try fixture.store.recoverDeliveries(owner: lease.owner, now: StateFixture.at(961)) == [lease.id])
    }

    @Test func `a released delivery does not use up an attempt`() throws {
        let first = try #require(try claim(at: 1).first)
        try fixture.store.releaseDelivery(first.lease)
        #expect(try claim(at: 1).first?.delivery.attempt == 1)
    }
}
