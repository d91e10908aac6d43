import GRDB
import Spec
import State
import TestSupport
import Testing
import Values

@Suite("What happened long ago is removed")
struct RetentionTests {
    private static let day: Int64 = 86_400
    private let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief")
    }

    /// Goes through everything; what is removed of each part.
    @discardableResult
    private func cleanUp(
        _ retention: Retention = .standard, atDay day: Int64
    ) throws -> [CleanupPart: Int] {
        var removed: [CleanupPart: Int] = [:]
        for part in CleanupPart.allCases {
            var place: Int64? = 0
            while let after = place {
                let step = try fixture.store.cleanUp(
                    part, retention, after: after, now: StateFixture.at(day * Self.day))
                #expect(step.removed <= 500, "a transaction is small")
                if step.removed > 0 { removed[part, default: 0] += step.removed }
                place = step.next
            }
        }
        return removed
    }

    /// An event, and a run of it that ended on a day, with a step and a delivery.
    @discardableResult
    private func ended(
        onDay day: Int64, trigger: String = "morning", delivered: Bool = true
    ) throws -> (event: String, run: String) {
        let at = StateFixture.at(day * Self.day)
        var event = NewEvent.test("key-\(day)-\(trigger)")
        event.receivedAt = at
        var run = fixture.run(trigger)
        run.notBefore = at
        let accepted = try fixture.store.accept(event, runs: [run])
        let claimed = try fixture.store.claim(
            now: at, owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 1 })
        let lease = try #require(claimed.first).lease
        try fixture.store.record(
            Step(number: 1, kind: .model, name: "gpt", startedAt: at, finishedAt: at, request: ["n": 1]), of: lease)
        try fixture.store.complete(lease, RunOutcome(.succeeded, output: "done"), at: at) { _ in
            [NewDelivery(channel: "news", body: ["text": "done"], notBefore: at)]
        }
        for delivery in try fixture.store.claimDeliveries(
            now: at, owner: "one", leaseFor: .seconds(60), limit: 10, concurrency: { _ in 10 })
        {
            if delivered, delivery.delivery.run == lease.id {
                try fixture.store.delivered(delivery.lease, status: 204, at: at)
            } else {
                try fixture.store.releaseDelivery(delivery.lease)
            }
        }
        return (accepted.event, lease.id)
    }

    private func count(_ table: String) throws -> Int {
        let queue = try DatabaseQueue(path: fixture.path)
        defer { try? queue.close() }
        return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    @Test func `each part goes when it is older than is kept`() throws {
        let old = try ended(onDay: 0)
        let middle = try ended(onDay: 65)
        let new = try ended(onDay: 99)
        #expect(try cleanUp(atDay: 91) == [.steps: 1, .deliveries: 1, .runs: 1, .events: 1])
        #expect(try fixture.reader.run(old.run) == nil)
        #expect(try fixture.reader.event(old.event) == nil)
        #expect(try cleanUp(atDay: 100) == [.steps: 1, .deliveries: 1])
        #expect(try fixture.reader.steps(of: middle.run).isEmpty)
        #expect(try fixture.reader.run(middle.run)?.output == "done")
        #expect(try fixture.reader.steps(of: new.run).count == 1)
        #expect(try count("run_attempt") == 2)
    }

    @Test func `what is more than is kept goes, the oldest first`() throws {
        for day in 0..<10 { try ended(onDay: Int64(day)) }
        let few = try retention(["runs": ["count": 3], "events": ["count": 4], "steps": ["count": 2]])
        #expect(try cleanUp(few, atDay: 10) == [.steps: 8, .runs: 7, .events: 6])
        let runs = try fixture.reader.runs().items
        #expect(runs.map(\.createdAt) == [9, 8, 7].map { StateFixture.at($0 * Self.day) })
        #expect(try fixture.reader.events().items.count == 4)
        #expect(try cleanUp(few, atDay: 10) == [:])
    }

    private func retention(_ json: JSON) throws -> Retention {
        let recorded = ManifestReading(path: Settings.fileName, source: .recorded)
        return try #require(Settings.read(Node(json: ["retention": json]), recorded)).retention
    }

    @Test func `what waits, goes on or is still to be sent stays, with what it needs`() throws {
        let unsent = try ended(onDay: 0, trigger: "unsent", delivered: false)
        try ended(onDay: 1, trigger: "unsent")
        let queued = try fixture.enqueue(fixture.run("queued"), at: StateFixture.start)
        let running = try #require(
            try fixture.store.claim(
                now: StateFixture.start, owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 1 }
            )
            .first)
        #expect(running.run.id == queued)
        try fixture.store.record(
            Step(number: 1, kind: .tool, name: "t", startedAt: StateFixture.start), of: running.lease)
        let waiting = try fixture.enqueue(fixture.run("queued"), at: StateFixture.start)
        try cleanUp(atDay: 1_000)
        for id in [unsent.run, queued, waiting] { #expect(try fixture.reader.run(id) != nil) }
        #expect(try fixture.reader.event(unsent.event) != nil)
        #expect(try fixture.reader.steps(of: queued).count == 1)
    }

    @Test func `the newest run of a trigger and an agent in force stays, in each of its states`() throws {
        try ended(onDay: 0)
        try ended(onDay: 1)
        let last = try ended(onDay: 2)
        let cancelled = try fixture.enqueue(fixture.run(), at: StateFixture.start)
        try fixture.store.cancel(run: cancelled, reason: "no", at: StateFixture.start)
        #expect(try cleanUp(atDay: 1_000)[.runs] == 2)
        #expect(try Set(fixture.reader.runs().items.map(\.id)) == [last.run, cancelled])
    }

    @Test func `the newest run under a former name stays while what has the next one is in force`() throws {
        try ended(onDay: 0, trigger: "gone")
        let last = try ended(onDay: 1, trigger: "gone")
        _ = try fixture.store.apply(
            .test([
                ResourceChange(
                    id: .agent("short"),
                    edit: .rename(
                        "brief", from: ManifestVersion.test("brief", "one").digest, to: .test("short", "one")))
            ]))
        #expect(try cleanUp(atDay: 1_000)[.runs] == 1)
        #expect(try fixture.reader.runs().items.map(\.id) == [last.run])
    }

    @Test("a duplicate is recognised for 30 days, also when its event is gone (fault F109)")
    func keys() throws {
        let old = try ended(onDay: 0)
        try ended(onDay: 5)
        let short = try retention(["runs": ["age": "1d"], "events": ["age": "1d"], "deliveries": ["age": "1d"]])
        #expect(try cleanUp(short, atDay: 9)[.events] == 1)
        #expect(try fixture.reader.event(old.event) == nil)
        var again = NewEvent.test("key-0-morning")
        #expect(try fixture.store.accept(again) == .duplicate(event: old.event, isSameBody: true))
        again.payload = JSONText(["n": 2])
        again.bodyDigest = Digest(of: again.payload.bytes)
        #expect(try fixture.store.accept(again) == .duplicate(event: old.event, isSameBody: false))
        #expect(try cleanUp(short, atDay: 29)[.eventKeys] == nil)
        #expect(try cleanUp(short, atDay: 31)[.eventKeys] == 1)
        guard case .accepted = try fixture.store.accept(again) else { throw Missing() }
    }

    @Test("fault E96: that a run had an effect is known as long as it may be retried")
    func effects() throws {
        let at = StateFixture.at(0)
        _ = try fixture.store.accept(.test("key"), runs: [fixture.run("morning")])
        let lease = try #require(
            try fixture.store.claim(now: at, owner: "one", leaseFor: .seconds(60), limit: 1, concurrency: { _ in 1 })
                .first
        ).lease
        try fixture.store.record(
            Step(number: 1, kind: .tool, name: "publish", isRepeatable: false, startedAt: at, finishedAt: at), of: lease
        )
        try fixture.store.complete(lease, RunOutcome(.failed, error: "no"), at: at)
        let kept = try retention(["runs": ["age": "300d"], "steps": ["age": "1d"]])
        #expect(try cleanUp(kept, atDay: 30)[.steps] == nil)
        #expect(
            try code { try fixture.store.perform(.retry, on: lease.id, actor: "ada", at: at) } == .conflict)
    }

    @Test func `an event goes with the last of its runs`() throws {
        let old = try ended(onDay: 0)
        try ended(onDay: 1)
        let events = try retention(["events": ["age": "1d"]])
        #expect(try cleanUp(events, atDay: 50)[.events] == nil)
        #expect(try fixture.reader.event(old.event) != nil)
        #expect(try cleanUp(events, atDay: 91)[.events] == 1)
    }

    @Test func `a number of an event is given once, also when all events are gone`() throws {
        _ = try fixture.store.accept(.test("a"))
        _ = try fixture.store.accept(.test("b"))
        let events = try retention(["events": ["age": "1d"]])
        #expect(try cleanUp(events, atDay: 2)[.events] == 2)
        #expect(try fixture.reader.totals().events == 2)
        _ = try fixture.store.accept(.test("c"))
        #expect(try fixture.reader.totals().events == 3)
    }

    @Test func `a run in the queue keeps the manifest of a purged agent`() throws {
        let version = ManifestVersion.test("gone", "one")
        let apply = { (edit: ResourceChange.Edit) in
            _ = try fixture.store.apply(.test([ResourceChange(id: .agent("gone"), edit: edit)]))
        }
        try apply(.create(version))
        try apply(.delete(from: version.digest))
        var run = fixture.run("other", agent: "gone")
        (run.revision, run.manifestDigest) = (3, version.digest)
        let id = try fixture.enqueue(run, at: StateFixture.start)
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(31 * Self.day)) == [.agent("gone")])
        #expect(try fixture.reader.run(id)?.manifestDigest == version.digest)
        #expect(try count("manifest") == 2)
    }

    @Test func `the manifest of a purged agent goes with the last of its runs`() throws {
        let version = ManifestVersion.test("gone", "one")
        func apply(_ edit: ResourceChange.Edit) throws {
            _ = try fixture.store.apply(.test([ResourceChange(id: .agent("gone"), edit: edit)]))
        }
        try apply(.create(version))
        var run = fixture.run("other", agent: "gone")
        run.manifestDigest = version.digest
        let id = try fixture.enqueue(run, at: StateFixture.start)
        try fixture.store.cancel(run: id, reason: "no", at: StateFixture.start)
        try apply(.delete(from: version.digest))
        #expect(try fixture.store.purgeTombstones(now: StateFixture.at(31 * Self.day)) == [.agent("gone")])
        #expect(try count("manifest") == 2)
        #expect(try cleanUp(atDay: 91)[.runs] == 1)
        #expect(try count("manifest") == 1)
    }

    @Test func `the last look at the repository stays`() throws {
        for (index, commit) in ["a", "b", "c"].enumerated() {
            try fixture.store.record(
                Observation(
                    commit: commit, branch: "main", at: StateFixture.at(Int64(index)), outcome: .rejected,
                    revision: nil, message: commit))
        }
        let count = try fixture.reader.observations().items.count
        #expect(try cleanUp(atDay: 1_000)[.observations] == count - 1)
        #expect(try fixture.reader.latestObservation()?.commit == "c")
    }

    @Test func `many rows are removed by many small transactions, and counted`() throws {
        for _ in 0..<3 {
            _ = try fixture.store.accept((0..<100).map { _ in Arrival(.test(), runs: []) })
        }
        let first = try fixture.store.cleanUp(.events, .standard, now: StateFixture.at(91 * Self.day))
        #expect(first.removed > 0 && first.removed < 300 && first.next != nil)
        #expect(try cleanUp(atDay: 91)[.events] == 300 - first.removed)
        let records = try fixture.reader.cleanups()
        #expect(records.map(\.part) == CleanupPart.allCases)
        #expect(records.first { $0.part == .events }?.removed == 300)
        #expect(records.first { $0.part == .events }?.finishedAt == StateFixture.at(91 * Self.day))
        #expect(try fixture.reader.freeBytes() > 0)
    }

    @Test func `nothing is removed that a clock set back makes young`() throws {
        try ended(onDay: 50)
        #expect(try cleanUp(atDay: 0) == [:])
    }
}
