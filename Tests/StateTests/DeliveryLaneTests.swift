import GRDB
import TestSupport
import Testing
import Values

@testable import State

@Suite struct DeliveryLaneTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief")
    }

    /// Messages that are due, in one statement.
    private func fill(_ channel: String, _ count: Int) throws {
        try fixture.store.write("filling the outbox") { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                    INSERT INTO delivery (id, channel, state, max_attempts, not_before, message_id, body, created_at)
                        SELECT '\(channel)-' || i, '\(channel)', 'queued', 3,
                            \(StateFixture.start.milliseconds) - \(count) + i, 'm', '{}', 0
                        FROM n
                    """)
        }
    }

    private func claim(_ limit: Int, after last: String? = nil, each: Int = 100) throws -> [ClaimedDelivery] {
        try fixture.store.claimDeliveries(
            now: StateFixture.start, owner: "one", leaseFor: .seconds(60), limit: limit, after: last,
            concurrency: { _ in each })
    }

    @Test func `a channel with ten thousand messages does not keep one with a single message waiting`() throws {
        try fill("busy", 10_000)
        try fill("quiet", 1)
        #expect(try claim(3).map(\.delivery.channel) == ["busy", "quiet", "busy"])
    }

    @Test func `channels take turns, and the turn goes on where it was`() throws {
        for channel in ["a", "b", "c"] { try fill(channel, 4) }
        #expect(try claim(4).map(\.delivery.channel) == ["a", "b", "c", "a"])
        #expect(try claim(2, after: "a").map(\.delivery.channel) == ["b", "c"])
        #expect(try claim(1, after: "zzz").map(\.delivery.channel) == ["a"])
    }

    @Test func `of each channel what was due first comes first`() throws {
        try fill("busy", 5)
        #expect(try claim(5).map(\.delivery.id) == (1...5).map { "busy-\($0)" })
    }

    @Test func `a receiver that hangs leaves places to others`() throws {
        try fill("slow", 50)
        #expect(try claim(8, each: 4).count == 4)
        #expect(try claim(8, each: 4).isEmpty)
        try fill("quick", 9)
        #expect(try claim(8, each: 4).map(\.delivery.channel) == ["quick", "quick", "quick", "quick"])
    }

    @Test func `what is given back with a time is not taken before it, and no attempt is used up`() throws {
        try fill("ops", 1)
        let taken = try #require(try claim(1).first)
        try fixture.store.releaseDelivery(taken.lease, notBefore: StateFixture.at(30), error: "left alone")
        #expect(try claim(1).isEmpty)
        let waiting = try #require(try fixture.reader.deliveries().items.first)
        #expect(waiting.attempt == 0 && waiting.lastError == "left alone" && waiting.notBefore == StateFixture.at(30))
    }

    @Test func `finding the next message goes by indexes alone`() throws {
        try fill("a", 100)
        let plan = try fixture.reader.read("explaining") { db in
            try Row.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + Database.nextDelivery,
                arguments: ["now": 0, "last": "", "busy": "[]"]
            )
            .map { $0["detail"] as String }
        }
        #expect(
            plan.contains { $0.contains("delivery_lane (channel=? AND not_before<?)") }, "\(plan)")
        #expect(plan.contains { $0.contains("delivery_lane (channel>?)") }, "\(plan)")
        let others = plan.filter { $0.contains(" delivery") || $0.contains(" d ") }
        #expect(others.allSatisfy { $0.contains("delivery_lane") }, "\(plan)")
    }
}
