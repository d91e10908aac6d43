import GRDB
import Spec
import Testing
import Values

@testable import State

@Suite("The queue of what is renamed") struct RenamedLaneTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.create(.agent("slow"), .agent("other"), ResourceID(kind: .tool, name: "build"))
    }

    @discardableResult
    private func enqueue(
        _ target: RunTarget, revision: Int, due: Int64 = 0, bound: [RunTarget: Int] = [:]
    ) throws -> String {
        let run = NewRun(target: target, revision: revision, notBefore: StateFixture.at(due))
        let arrival = Arrival(
            .test(), runs: [run], bound: bound.isEmpty ? nil : QueueBound(total: 1_000, targets: bound))
        guard case .accepted(_, let runs) = try fixture.store.accept([arrival]).first?.get(), let id = runs.first else {
            throw Missing()
        }
        return id
    }

    /// Takes what may be taken where some may run one at a time, and others not at all.
    private func claim(_ limits: [RunTarget: Int], at seconds: Int64 = 10) throws -> [ClaimedRun] {
        try fixture.store.claim(
            now: StateFixture.at(seconds), owner: "one", leaseFor: .seconds(600), limit: 10,
            concurrency: { limits[$0] ?? 0 })
    }

    private func waiting() throws -> [String] {
        try fixture.reader.read("looking") { db in
            try Row.fetchAll(db, sql: "SELECT lane, waiting FROM queue_lane WHERE waiting > 0 ORDER BY lane")
                .map { "\($0["lane"] as String) \($0["waiting"] as Int)" }
        }
    }

    @Test(arguments: [RunTarget.agent("slow"), .tool("build")])
    func `runs under the former and the new name count together, in the order of their times`(_ former: RunTarget)
        throws
    {
        let kind = former.agent == nil ? KindName.tool : .agent
        let new = former.agent == nil ? RunTarget.tool("swift") : .agent("swift")
        let first = try enqueue(former, revision: 1, due: 1)
        let second = try enqueue(former, revision: 1, due: 3)
        let running = try claim([former: 1])
        #expect(running.map(\.run.id) == [first])
        try fixture.rename(kind, former.agent ?? former.tool ?? "", "swift")
        let third = try enqueue(new, revision: 2, due: 2)
        #expect(try claim([former: 9, new: 1]).isEmpty, "one runs already")
        try fixture.store.complete(try #require(running.first).lease, RunOutcome(.succeeded), at: StateFixture.at(11))
        #expect(try claim([former: 9, new: 1]).map(\.run.id) == [third])
        let last = try claim([former: 9, new: 2])
        #expect(last.map(\.run.id) == [second])
        #expect(last.first?.run.target == former, "it ends on the revision that it began with")
        #expect(try waiting().isEmpty)
    }

    @Test func `what waits under the former name waits as long as the new one may not run`() throws {
        try enqueue(.agent("slow"), revision: 1)
        try fixture.rename(.agent, "slow", "swift")
        #expect(try claim([.agent("slow"): 1, .agent("swift"): 0]).isEmpty)
        try fixture.rename(.agent, "swift", "swifter")
        #expect(try claim([.agent("slow"): 1, .agent("swift"): 1]).isEmpty)
        #expect(try claim([.agent("swifter"): 1]).count == 1)
    }

    @Test func `both names fill one queue`() throws {
        try enqueue(.agent("slow"), revision: 1)
        try fixture.rename(.agent, "slow", "swift")
        try enqueue(.agent("swift"), revision: 2, bound: [.agent("swift"): 2])
        let error = try code { try enqueue(.agent("swift"), revision: 2, bound: [.agent("swift"): 2]) }
        #expect(error == .queueFull(.agent("swift")))
        #expect(try waiting() == ["agent/swift 2"])
    }

    @Test func `one that takes the former name has a queue of its own`() throws {
        let old = try enqueue(.agent("slow"), revision: 1)
        try fixture.rename(.agent, "slow", "swift")
        try fixture.create(.agent("slow"))
        let new = try enqueue(.agent("slow"), revision: 3)
        #expect(try claim([.agent("slow"): 1]).map(\.run.id) == [new])
        #expect(try claim([.agent("swift"): 1]).map(\.run.id) == [old])
    }

    @Test func `agents may change names`() throws {
        let slow = try enqueue(.agent("slow"), revision: 1)
        let other = try enqueue(.agent("other"), revision: 1)
        try fixture.rename(.agent, [("slow", "other"), ("other", "slow")])
        #expect(try waiting() == ["agent/other 1", "agent/slow 1"])
        #expect(try claim([.agent("other"): 9]).map(\.run.id) == [slow])
        #expect(try claim([.agent("slow"): 9]).map(\.run.id) == [other])
    }

    @Test func `what is queued again waits under the new name`() throws {
        try enqueue(.agent("slow"), revision: 1)
        let lease = try #require(try claim([.agent("slow"): 1]).first?.lease)
        try fixture.rename(.agent, "slow", "swift")
        _ = try fixture.store.retryLater(lease, error: "x", notBefore: StateFixture.at(5), at: StateFixture.at(5))
        // It had one attempt.
        #expect(try fixture.state(of: lease.id) == .discarded)
        try fixture.store.perform(.retry, on: lease.id, actor: "ada", at: StateFixture.at(6))
        #expect(try waiting() == ["agent/swift 1"])
        let again = try #require(try claim([.agent("swift"): 1]).first?.lease)
        try fixture.store.release(again, at: StateFixture.at(7))
        #expect(try waiting() == ["agent/swift 1"])
        try fixture.store.cancel(run: lease.id, reason: "x", at: StateFixture.at(8))
        #expect(try waiting().isEmpty)
        try fixture.rename(.agent, "swift", "swifter")
        try fixture.store.perform(.retry, on: lease.id, actor: "ada", at: StateFixture.at(9))
        #expect(try waiting() == ["agent/swifter 1"])
    }

    @Test func `what was on its way while its agent was renamed waits under the new name`() throws {
        try fixture.rename(.agent, "slow", "swift")
        try enqueue(.agent("slow"), revision: 1)
        #expect(try waiting() == ["agent/swift 1"])
    }
}
