import State
import TestSupport
import Testing
import Values

@Suite struct OrphanTests {
    let fixture: StateFixture

    init() throws {
        fixture = try StateFixture()
        try fixture.createAgents("brief")
    }

    private func enqueue(maxAttempts: Int = 3) throws -> String {
        try fixture.enqueue(fixture.run(maxAttempts: maxAttempts), at: StateFixture.start)
    }

    @Test("fault E89: the run of a dead process is queued again, one row an attempt")
    func killed() throws {
        let id = try enqueue()
        _ = try fixture.claimOne(owner: "dead")
        let work = try fixture.store.recoverOrphans(owner: "alive", now: StateFixture.at(2))
        #expect(work.requeued == [id])
        let again = try fixture.claimOne(at: 2, owner: "alive")
        #expect(again.run.attempt == 2)
        #expect(try fixture.reader.attempts(of: id).map(\.outcome) == ["abandoned", nil])
        #expect(try fixture.store.recoverOrphans(owner: "alive", now: StateFixture.at(3)).isEmpty)
    }

    @Test("fault E90: a worker past its lease completes nothing")
    func fence() throws {
        let id = try enqueue()
        let slow = try fixture.claimOne(owner: "one").lease
        _ = try fixture.store.recoverOrphans(owner: "one", now: StateFixture.at(61))
        let again = try fixture.claimOne(at: 61, owner: "one").lease
        let late = StateFixture.at(62)
        let delivery = NewDelivery(channel: "news", body: "late", notBefore: late)
        let attempts: [() throws -> Void] = [
            { try fixture.store.complete(slow, RunOutcome(.succeeded), at: late) { _ in [delivery] } },
            { _ = try fixture.store.retryLater(slow, error: "", notBefore: late, at: late) },
            { try fixture.store.release(slow, at: late) },
            { try fixture.store.renew(slow, until: late) },
            { try fixture.store.record(Step(number: 1, kind: .model, name: "m", startedAt: late), of: slow) },
        ]
        for attempt in attempts { #expect(try code(attempt) == .staleLease) }
        #expect(try fixture.reader.deliveries().items.isEmpty)
        try fixture.store.complete(again, RunOutcome(.succeeded, output: "once"), at: late)
        #expect(try fixture.reader.run(id)?.output == "once")
        #expect(try code { try fixture.store.complete(again, RunOutcome(.failed), at: late) } == .staleLease)
    }

    @Test("fault E90: a released lease completes nothing, though the attempt has the same number")
    func releasedFence() throws {
        _ = try enqueue()
        let first = try fixture.claimOne().lease
        try fixture.store.release(first, at: StateFixture.at(1))
        let second = try fixture.claimOne().lease
        #expect(first.attempt == second.attempt)
        #expect(
            try code { try fixture.store.complete(first, RunOutcome(.succeeded), at: StateFixture.at(1)) }
                == .staleLease)
    }

    @Test("fault E91: a run that ends its process each time is a dead letter after its attempts, others go on")
    func poison() throws {
        let poison = try enqueue(maxAttempts: 3)
        for process in 1...3 {
            #expect(try fixture.claimOne(at: 10, owner: "process \(process)").run.id == poison)
            _ = try fixture.store.recoverOrphans(owner: "process \(process + 1)", now: StateFixture.at(1))
        }
        let other = try enqueue()
        #expect(try fixture.state(of: poison) == .discarded)
        #expect(try fixture.reader.run(poison)?.reason == "its process ended in the last attempt")
        #expect(try fixture.reader.attempts(of: poison).count == 3)
        #expect(try fixture.claim(at: 10).map(\.run.id) == [other])
    }

    @Test("fault E91: it is one after three processes, however many attempts it has; who retries it risks one more")
    func poisonWithManyAttempts() throws {
        let poison = try enqueue(maxAttempts: 50)
        func crash(_ process: Int) throws -> RecoveredWork {
            #expect(try fixture.claimOne(at: 10, owner: "process \(process)").run.id == poison)
            return try fixture.store.recoverOrphans(owner: "process \(process + 1)", now: StateFixture.at(1))
        }
        // An attempt that failed by itself is no crash.
        let failed = try fixture.claimOne(owner: "process 0").lease
        _ = try fixture.store.retryLater(failed, error: "503", notBefore: StateFixture.at(1), at: StateFixture.at(1))
        #expect(try crash(1).requeued == [poison])
        #expect(try crash(2).requeued == [poison])
        #expect(try crash(3).discarded == [poison])
        #expect(try fixture.state(of: poison) == .discarded)
        #expect(
            try fixture.reader.run(poison)?.reason
                == "its process ended in three of its attempts: it may be what ends it")
        // Whoever queues it again by hand gives it as many again.
        for first in [4, 7] {
            try fixture.store.perform(.retry, on: poison, actor: "ada", at: StateFixture.at(2))
            #expect(try crash(first).requeued == [poison])
            #expect(try crash(first + 1).requeued == [poison])
            #expect(try crash(first + 2).discarded == [poison])
        }
    }

    @Test("fault E91: a run whose last attempt ended with its process gets three more when it is retried by hand")
    func retriedAfterTheLastAttempt() throws {
        let run = try enqueue(maxAttempts: 1)
        func crash(_ process: Int) throws -> RecoveredWork {
            _ = try fixture.claimOne(at: 10, owner: "process \(process)")
            return try fixture.store.recoverOrphans(owner: "process \(process + 1)", now: StateFixture.at(1))
        }
        #expect(try crash(1).discarded == [run])
        try fixture.store.perform(.retry, on: run, actor: "ada", at: StateFixture.at(2))
        #expect(try crash(2).requeued == [run])
        // What fails by itself is retried no more often than before.
        let lease = try fixture.claimOne(at: 10, owner: "process 3").lease
        try fixture.store.complete(lease, RunOutcome(.failed, error: "503"), at: StateFixture.at(11))
        let attempts = try #require(try fixture.reader.run(run)?.maxAttempts)
        try fixture.store.perform(.retry, on: run, actor: "ada", at: StateFixture.at(12))
        #expect(try fixture.reader.run(run)?.maxAttempts == attempts)
    }

    @Test("fault E96: a crash in or after a call with side effects is unknown, in a repeatable one it is not")
    func sideEffect() throws {
        let writing = try enqueue()
        let reading = try enqueue()
        let answered = try enqueue()
        let claimed = try fixture.claim(owner: "dead")
        func step(_ isRepeatable: Bool, finished: Bool) -> Step {
            Step(
                number: 1, kind: .tool, name: "publish", isRepeatable: isRepeatable, startedAt: StateFixture.at(1),
                finishedAt: finished ? StateFixture.at(2) : nil)
        }
        try fixture.store.record(step(false, finished: false), of: claimed[0].lease)
        try fixture.store.record(step(true, finished: false), of: claimed[1].lease)
        try fixture.store.record(step(false, finished: false), of: claimed[2].lease)
        try fixture.store.record(step(false, finished: true), of: claimed[2].lease)
        let work = try fixture.store.recoverOrphans(owner: "alive", now: StateFixture.at(3))
        // Another attempt would begin at the first step and call the tool again, answered or not.
        #expect(work.unknown == [writing, answered])
        #expect(try fixture.reader.holds(claimed[1].lease) == false)
        #expect(work.requeued == [reading])
        #expect(try fixture.state(of: writing) == .unknown)
    }

    @Test("fault E96: neither giving back nor retrying begins a run again after a call with side effects")
    func effectBeforeEnd() throws {
        for end in ["release", "retry"] {
            let id = try enqueue()
            let lease = try fixture.claimOne(at: 5).lease
            try fixture.store.record(
                Step(number: 1, kind: .tool, name: "publish", isRepeatable: false, startedAt: StateFixture.at(1)),
                of: lease)
            let message: EndMessages = { run in
                [NewDelivery(channel: end, body: .string(run.state.rawValue), notBefore: StateFixture.at(1))]
            }
            if end == "release" {
                #expect(try fixture.store.release(lease, at: StateFixture.at(6), messages: message) == .unknown)
            } else {
                let outcome = try fixture.store.retryLater(
                    lease, error: "503", notBefore: StateFixture.at(6), at: StateFixture.at(6), messages: message)
                #expect(outcome == .unknown)
            }
            #expect(try fixture.state(of: id) == .unknown)
            #expect(
                try fixture.reader.deliveries(Page(), DeliveryFilter(channel: end)).items.map(\.body) == ["unknown"])
        }
    }

    @Test("fault E96: nor does it help to cancel such a run, or to put it aside, before it is retried")
    func effectBeforeRetry() throws {
        let id = try enqueue()
        let lease = try fixture.claimOne(at: 5).lease
        try fixture.store.record(
            Step(number: 1, kind: .tool, name: "publish", isRepeatable: false, startedAt: StateFixture.at(1)), of: lease
        )
        func retry(_ repeating: Bool = false) throws {
            try fixture.store.perform(
                .retry, on: id, repeatingEffects: repeating, actor: "ada", at: StateFixture.at(6))
        }
        for operation in [RunOperation.cancel, .discard] {
            try fixture.store.perform(operation, on: id, actor: "ada", at: StateFixture.at(6))
            #expect(try code { try retry() } == .conflict)
        }
        try retry(true)
        #expect(try fixture.state(of: id) == .queued)
    }

    @Test func `a call with side effects that did nothing may be made again`() throws {
        let id = try enqueue()
        let lease = try fixture.claimOne().lease
        var step = Step(number: 1, kind: .tool, name: "publish", isRepeatable: false, startedAt: StateFixture.at(1))
        try fixture.store.record(step, of: lease)
        step.isRepeatable = true
        step.finishedAt = StateFixture.at(2)
        try fixture.store.record(step, of: lease)
        #expect(try fixture.store.release(lease, at: StateFixture.at(3)) == .queued)
        #expect(try fixture.state(of: id) == .queued)
    }

    @Test func `what is under way here is no orphan, whatever the clock says`() throws {
        let id = try enqueue()
        let lease = try fixture.claimOne(owner: "one").lease
        #expect(
            try fixture.store.recoverOrphans(owner: "one", now: StateFixture.at(900), except: [lease]).isEmpty)
        #expect(try fixture.reader.holds(lease))
        #expect(try fixture.store.recoverOrphans(owner: "one", now: StateFixture.at(900)).requeued == [id])
        #expect(try !fixture.reader.holds(lease))
        let next = try fixture.claimOne(at: 900, owner: "one").lease
        #expect(try !fixture.reader.holds(lease), "the run is running, but under another lease")
        #expect(try fixture.reader.holds(next))
        let work = try fixture.store.recoverOrphans(owner: "one", now: StateFixture.at(1_000), except: [lease])
        #expect(work.requeued == [id], "an old lease hides no orphan")
    }

    @Test func `the end of an orphan is told`() throws {
        let id = try enqueue(maxAttempts: 1)
        _ = try fixture.claimOne(owner: "dead")
        _ = try fixture.store.recoverOrphans(owner: "alive", now: StateFixture.at(2)) { run in
            [NewDelivery(channel: "news", body: .string(run.reason ?? ""), notBefore: StateFixture.at(2))]
        }
        let told = try fixture.reader.deliveries(Page(), DeliveryFilter(run: id)).items
        #expect(told.map(\.body) == ["its process ended in the last attempt"])
    }

    @Test func `a process finds its work again in a state that was opened anew`() throws {
        let id = try enqueue()
        _ = try fixture.claimOne(owner: "before")
        try fixture.store.close()
        let store = try StateFixture.open(fixture.path)
        #expect(try store.recoverOrphans(owner: "after", now: StateFixture.at(1)).requeued == [id])
    }
}
