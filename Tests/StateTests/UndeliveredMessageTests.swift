import GRDB
import Spec
import State
import Testing
import Values

@Suite("What channels did not get") struct UndeliveredMessageTests {
    let fixture: StateFixture

    private static let day: Int64 = 86_400

    init() throws {
        fixture = try StateFixture()
        try fixture.create(.agent("brief"), id("ops"), id("chat"))
    }

    private func id(_ name: String) -> ResourceID { ResourceID(kind: .channel, name: name) }

    /// Ends a run with a message and takes that.
    private func take(_ channel: String, at seconds: Int64, revision: Int = 1) throws -> Lease {
        let claimed = try fixture.store.start(
            NewRun(target: .agent("brief"), revision: revision, notBefore: StateFixture.at(seconds)), owner: "one",
            leaseFor: .seconds(60), now: StateFixture.at(seconds))
        try fixture.store.complete(claimed.lease, RunOutcome(.succeeded), at: StateFixture.at(seconds)) { _ in
            [NewDelivery(channel: channel, body: [:], maxAttempts: 2, notBefore: StateFixture.at(seconds))]
        }
        return try #require(
            try fixture.store.claimDeliveries(
                now: StateFixture.at(seconds), owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 9 }
            ).first
        ).lease
    }

    private func fail(_ channel: String, _ error: String, at seconds: Int64, revision: Int = 1) throws {
        try fixture.store.failDelivery(
            try take(channel, at: seconds, revision: revision), error: error, status: 404,
            at: StateFixture.at(seconds + 1))
    }

    private func deliver(_ channel: String, at seconds: Int64, revision: Int = 1) throws {
        try fixture.store.delivered(
            try take(channel, at: seconds, revision: revision), status: 200, at: StateFixture.at(seconds + 1))
    }

    private func undelivered(at seconds: Int64) throws -> [UndeliveredMessages] {
        let all = try fixture.reader.undeliveredMessages(at: StateFixture.at(seconds))
        for one in all {
            #expect(
                try fixture.reader.undeliveredMessages(of: one.channel, at: StateFixture.at(seconds)) == one)
        }
        return all
    }

    @Test func `are counted by channel, with the first time and the last error`() throws {
        try deliver("ops", at: 1)
        #expect(try undelivered(at: 2).isEmpty)
        try fail("ops", "the first", at: 10)
        try fail("ops", "the second", at: 20)
        let waits = try take("chat", at: 30)
        #expect(try undelivered(at: 31).map(\.channel) == ["ops"])
        _ = try fixture.store.retryDelivery(
            waits, error: "timeout", status: nil, notBefore: StateFixture.at(90), at: StateFixture.at(31))
        let both = try undelivered(at: 32)
        #expect(both.map(\.channel) == ["chat", "ops"])
        #expect(both.map(\.failed) == [0, 2])
        #expect(both.map(\.waiting) == [1, 0])
        #expect(both.map(\.since) == [StateFixture.at(30), StateFixture.at(10)])
        #expect(both.map(\.lastError) == ["timeout", "the second"])
        #expect(both.map(\.responseStatus) == [nil, 404])
    }

    @Test func `are forgotten a day after they failed where a later one got through, and told for ever where none did`()
        throws
    {
        try fail("ops", "lost", at: 10)
        try deliver("ops", at: 20)
        #expect(try undelivered(at: 30).map(\.failed) == [1])
        #expect(try undelivered(at: 30).map(\.recoveredAt) == [StateFixture.at(21)])
        #expect(try undelivered(at: Self.day + 12).isEmpty)
        try fail("ops", "lost again", at: 40)
        try fail("ops", "and again", at: 50)
        let later = try undelivered(at: 3 * Self.day)
        #expect(later.map(\.failed) == [2])
        #expect(later.map(\.since) == [StateFixture.at(40)])
        #expect(later.map(\.recoveredAt) == [nil])
    }

    @Test func `before so many messages of others that nobody looks further back are those of the time since`() throws {
        try fail("ops", "long ago", at: 10)
        try deliver("ops", at: 20)
        try fail("ops", "of late", at: 2 * Self.day)
        try deliver("chat", at: Self.day)
        #expect(try undelivered(at: 4 * Self.day).map(\.lastError) == ["of late"])
        let queue = try DatabaseQueue(path: fixture.path)
        try queue.write { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE place (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM place WHERE number < 20000)
                    INSERT INTO delivery (id, channel, state, attempt, max_attempts, not_before, message_id, body,
                        created_at, finished_at)
                    SELECT id || number, channel, state, attempt, max_attempts, not_before, message_id || number, body,
                        created_at, finished_at + number
                    FROM delivery, place WHERE channel = 'chat'
                    """)
        }
        try queue.close()
        // Whether one got through before is not known any more, and not said.
        let bounded = try undelivered(at: 4 * Self.day)
        #expect(bounded.map(\.failed) == [1])
        #expect(bounded.map(\.lastError) == ["of late"])
        #expect(bounded.map(\.since) == [StateFixture.at(2 * Self.day)])
    }

    @Test func `belong to the channel by the name that it has now`() throws {
        try fail("ops", "lost", at: 10)
        let waits = try take("ops", at: 20)
        _ = try fixture.store.retryDelivery(
            waits, error: "timeout", status: nil, notBefore: StateFixture.at(3 * Self.day), at: StateFixture.at(21))
        try fixture.rename(.channel, [("ops", "chat"), ("chat", "ops")], at: 30)
        #expect(try undelivered(at: 40).map(\.channel) == ["chat"])
        #expect(try undelivered(at: 40).map(\.failed) == [1])
        #expect(try undelivered(at: 40).map(\.waiting) == [1])
        // Of the other one, which has the name now.
        try deliver("ops", at: 50, revision: 2)
        #expect(try undelivered(at: 2 * Self.day).map(\.failed) == [1])
        try fail("ops", "new", at: 60, revision: 2)
        #expect(try undelivered(at: 70).map(\.channel) == ["chat", "ops"])
        #expect(try undelivered(at: 70).map(\.lastError) == ["timeout", "new"])
    }
}
