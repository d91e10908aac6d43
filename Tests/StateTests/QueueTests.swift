import State
import TestSupport
import Testing
import Values

@Suite struct QueueTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief", "triage")
    }

    private func enqueue(_ run: NewRun) throws -> String { try fixture.enqueue(run, at: StateFixture.start) }

    @Test func `runs are taken by priority, then time, then order of arrival`() throws {
        let late = try enqueue(fixture.run(due: 5))
        let first = try enqueue(fixture.run())
        let second = try enqueue(fixture.run())
        let urgent = try enqueue(fixture.run(priority: 9, due: 5))
        _ = try enqueue(fixture.run(priority: 9, due: 6))
        #expect(try fixture.claim(at: 5).map(\.run.id) == [urgent, first, second, late])
        #expect(try fixture.claim(at: 5).isEmpty)
    }

    @Test func `no more runs are taken than asked for`() throws {
        for _ in 1...3 { _ = try enqueue(fixture.run()) }
        #expect(try fixture.claim(limit: 2).count == 2)
        #expect(try fixture.claim(limit: 0).isEmpty)
    }

    @Test func `an agent at its limit does not hold up the others`() throws {
        let first = try enqueue(fixture.run())
        let second = try enqueue(fixture.run())
        let other = try enqueue(fixture.run(agent: "triage"))
        let tool = try enqueue(NewRun(target: .tool("news"), revision: 1, notBefore: StateFixture.start))
        #expect(try fixture.claim(each: 1).map(\.run.id) == [first, other, tool])
        #expect(try fixture.claim(each: 1).isEmpty)
        #expect(try fixture.claim(each: 2).map(\.run.id) == [second])
    }

    @Test func `a taken run has its input, its attempt and its lease`() throws {
        var run = fixture.run()
        run.input = ["question": "why"]
        let id = try enqueue(run)
        let claimed = try fixture.claimOne(at: 3)
        #expect(claimed.input == ["question": "why"])
        #expect(claimed.run.state == .running)
        #expect(claimed.run.attempt == 1)
        #expect(claimed.run.startedAt == StateFixture.at(3))
        #expect(claimed.lease.id == id)
        #expect(try fixture.reader.input(of: id) == ["question": "why"])
    }

    @Test func `a finished run has its outcome and its deliveries`() throws {
        let id = try enqueue(fixture.run())
        let lease = try fixture.claimOne().lease
        let usage = RunUsage(tokensIn: 10, tokensOut: 5, promptDigest: Digest(of: "p".utf8), model: "gpt")
        try fixture.store.complete(
            lease, RunOutcome(.succeeded, output: "done", usage: usage), at: StateFixture.at(1)
        ) { run in
            [NewDelivery(channel: "news", body: ["text": .string(run.output ?? "")], notBefore: StateFixture.at(1))]
        }
        let run = try #require(try fixture.reader.run(id))
        #expect(run.state == .succeeded)
        #expect(run.output == "done")
        #expect(run.finishedAt == StateFixture.at(1))
        #expect([run.tokensIn, run.tokensOut] == [10, 5])
        #expect(run.model == "gpt")
        #expect(run.promptDigest == Digest(of: "p".utf8))
        let deliveries = try fixture.reader.deliveries(Page(), DeliveryFilter(run: id)).items
        #expect(deliveries.map(\.body) == [["text": "done"]])
        #expect(try fixture.reader.attempts(of: id).map(\.outcome) == ["succeeded"])
    }

    @Test func `an attempt that failed is repeated when its time comes, the last one is a dead letter`() throws {
        let id = try enqueue(fixture.run(maxAttempts: 2))
        let first = try fixture.claimOne().lease
        let notice = NewDelivery(channel: "news", body: "failed", notBefore: StateFixture.start)
        #expect(
            try fixture.store.retryLater(
                first, error: "503", notBefore: StateFixture.at(10), usage: RunUsage(tokensIn: 3),
                at: StateFixture.at(1), messages: { _ in [notice] }) == .queued)
        #expect(try fixture.claim(at: 9).isEmpty)
        let second = try fixture.claimOne(at: 10)
        #expect(second.run.attempt == 2)
        #expect(
            try fixture.store.retryLater(
                second.lease, error: "503 again", notBefore: StateFixture.at(20), usage: RunUsage(tokensIn: 4),
                at: StateFixture.at(11), messages: { _ in [notice] }) == .discarded)
        let run = try #require(try fixture.reader.run(id))
        #expect(run.state == .discarded)
        #expect(run.error == "503 again")
        #expect(run.tokensIn == 7)
        let attempts = try fixture.reader.attempts(of: id)
        #expect(attempts.map(\.outcome) == ["retried", "discarded"])
        #expect(attempts.map(\.error) == ["503", "503 again"])
        #expect(try fixture.reader.deliveries().items.count == 1)
    }

    @Test func `whoever is asked to come later uses up no attempt, but not for ever`() throws {
        let id = try enqueue(fixture.run(maxAttempts: 1))
        for attempt in 1..<50 {
            let lease = try fixture.claimOne(at: Int64(attempt)).lease
            let outcome = try fixture.store.retryLater(
                lease, error: "429", notBefore: StateFixture.at(Int64(attempt) + 1), isSnooze: true,
                at: StateFixture.at(Int64(attempt)))
            #expect(outcome == .snoozed)
        }
        #expect(try fixture.reader.attempts(of: id).map(\.outcome) == Array(repeating: "snoozed", count: 49))
        let last = try fixture.claimOne(at: 60).lease
        #expect(
            try fixture.store.retryLater(
                last, error: "429", notBefore: StateFixture.at(61), isSnooze: true, at: StateFixture.at(60))
                == .discarded)
    }

    @Test("fault E93: a released run goes on under the same attempt number, in one row")
    func release() throws {
        let id = try enqueue(fixture.run())
        try fixture.store.release(try fixture.claimOne(owner: "one").lease, at: StateFixture.at(1))
        #expect(try fixture.state(of: id) == .queued)
        let again = try fixture.claimOne(at: 5, owner: "two")
        #expect(again.run.attempt == 1)
        let attempts = try fixture.reader.attempts(of: id)
        #expect(attempts.map(\.owner) == ["two"])
        #expect(attempts.map(\.startedAt) == [StateFixture.at(5)])
    }

    @Test func `a renewed lease does not run out`() throws {
        let id = try enqueue(fixture.run())
        let lease = try fixture.claimOne().lease
        try fixture.store.renew(lease, until: StateFixture.at(500))
        #expect(try fixture.store.recoverOrphans(owner: "one", now: StateFixture.at(400)).isEmpty)
        #expect(try fixture.store.recoverOrphans(owner: "one", now: StateFixture.at(501)).requeued == [id])
    }

    @Test func `cancelling takes a run from the queue and from its worker`() throws {
        let queued = try enqueue(fixture.run(due: 100))
        let running = try enqueue(fixture.run())
        let lease = try fixture.claimOne().lease
        #expect(try fixture.store.cancel(run: queued, reason: "replaced", at: StateFixture.at(1)) == .queued)
        #expect(try fixture.store.cancel(run: running, reason: "replaced", at: StateFixture.at(1)) == .running)
        #expect(try fixture.reader.run(queued)?.reason == "replaced")
        #expect(
            try code { try fixture.store.complete(lease, RunOutcome(.succeeded), at: StateFixture.at(2)) }
                == .staleLease)
        #expect(try fixture.state(of: running) == .cancelled)
        #expect(try fixture.store.cancel(run: running, reason: "again", at: StateFixture.at(3)) == .cancelled)
        #expect(try fixture.reader.run(running)?.reason == "replaced")
        #expect(
            try code { _ = try fixture.store.cancel(run: "run_none", reason: "", at: StateFixture.at(3)) } == .notFound)
    }

    @Test func `a run by hand is started whatever waits`() throws {
        _ = try enqueue(fixture.run(priority: 100))
        let started = try fixture.store.start(
            fixture.run(nil), owner: "one", leaseFor: .seconds(60), now: StateFixture.start)
        #expect(started.run.state == .running)
        #expect(started.run.trigger == nil)
        try fixture.store.complete(started.lease, RunOutcome(.succeeded), at: StateFixture.at(1))
        #expect(try fixture.state(of: started.run.id) == .succeeded)
    }

    @Test func `active runs of a trigger are those that are not over`() throws {
        let over = try enqueue(fixture.run())
        let running = try enqueue(fixture.run())
        let queued = try enqueue(fixture.run())
        _ = try enqueue(fixture.run("evening"))
        _ = try fixture.claim(limit: 2)
        _ = try fixture.store.cancel(run: over, reason: "", at: StateFixture.start)
        #expect(try fixture.reader.activeRuns(trigger: "morning").map(\.id) == [running, queued])
    }

    @Test func `counts and the next time to look are told`() throws {
        #expect(try fixture.reader.nextWakeUp(after: StateFixture.start) == nil)
        _ = try enqueue(fixture.run(due: 30))
        _ = try enqueue(fixture.run(due: 20))
        _ = try enqueue(fixture.run())
        #expect(try fixture.reader.nextWakeUp(after: StateFixture.start) == StateFixture.at(20))
        _ = try fixture.claim()
        let counts = try fixture.reader.queueCounts()
        #expect(counts.runs == [.queued: 2, .running: 1])
        #expect(counts.deliveries.isEmpty)
        #expect(counts.oldestDueAt == StateFixture.at(20))
    }

    @Test func `a run that is skipped says why and is never taken`() throws {
        var run = fixture.run()
        run.skipReason = "the agent is suspended"
        let id = try enqueue(run)
        #expect(try fixture.state(of: id) == .skipped)
        #expect(try fixture.reader.run(id)?.reason == "the agent is suspended")
        #expect(try fixture.claim(at: 100).isEmpty)
    }

    @Test("fault E97: an output over 256 KiB is cut at a character and says so")
    func longOutput() throws {
        let id = try enqueue(fixture.run())
        let output = String(repeating: "x", count: 1) + String(repeating: "é", count: 200_000)
        try fixture.store.complete(
            try fixture.claimOne().lease, RunOutcome(.succeeded, output: output), at: StateFixture.at(1))
        let stored = try #require(try fixture.reader.run(id)?.output)
        #expect(stored.utf8.count < 263_000)
        #expect(stored.hasPrefix("xéé"))
        #expect(stored.hasSuffix("é\n[truncated: the first 262144 of 400001 bytes]"))
    }
}
