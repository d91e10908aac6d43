import Runtime
import Spec
import State
import Testing
import Values

/// Instants that were missed together and are run after all.
@Suite struct MissedInstantTests {
    private let fixture: RuntimeFixture

    init() throws {
        fixture = try RuntimeFixture(
            RuntimeFixture.manifests(RuntimeFixture.trigger("timed", "schedule: {cron: '*/10 * * * *'}")))
    }

    private func retry(_ id: String, _ instants: RetriedInstants) throws -> [String] {
        try RunRetries(store: fixture.store, zones: RuntimeFixture.zones).retry(
            id, instants, repeatingEffects: false, actor: "ada", at: fixture.clock.now()
        ).runs.map(\.id)
    }

    /// Of what is recorded as skipped: `00:10 to 00:20, 2`, in order.
    private func left() throws -> [String] {
        try fixture.runs(.skipped).compactMap { run in
            run.scheduledAt.map { "\((run.missedSince ?? $0).time) to \($0.time), \(run.missed)" }
        }
        .sorted()
    }

    @Test func `one of several becomes a run of its own, and the others stay recorded with their reason`() throws {
        let row = try fixture.miss(5)
        let queued = try retry(row.id, .only([.at("00:30:00")]))
        #expect(queued.count == 1 && queued[0] != row.id)
        #expect(try fixture.times(.queued) == ["00:30"])
        #expect(try left() == ["00:10 to 00:20, 2", "00:40 to 00:50, 2"])
        #expect(try fixture.reader.run(row.id)?.missed == 2)
        for rest in try fixture.runs(.skipped) {
            #expect(rest.reason == "missed; catchUp none")
            #expect(rest.createdAt == row.createdAt && rest.finishedAt == row.finishedAt && rest.revision == 1)
        }
        let run = try #require(try fixture.reader.run(queued[0]))
        #expect(run.reason == "retried by ada; skipped before: missed; catchUp none")
        #expect(run.trigger == "timed" && run.missed == 1)
        let claimed = try fixture.store.claim(
            now: fixture.clock.now(), owner: "w", leaseFor: .seconds(60), limit: 9, concurrency: { _ in 9 })
        #expect(claimed.map(\.run.scheduledAt) == [.at("00:30:00")])
    }

    @Test func `the first, the last, and several at once leave what is between`() throws {
        let row = try fixture.miss(6)
        let ends = try retry(row.id, .only([.at("00:10:00"), .at("01:00:00")]))
        #expect(ends.count == 2)
        #expect(try fixture.times(.queued).sorted() == ["00:10", "01:00"])
        #expect(try left() == ["00:20 to 00:50, 4"])
        _ = try retry(row.id, .only([.at("00:30:00")]))
        // What is left of the row is one instant alone, which needs no name.
        #expect(try left() == ["00:20 to 00:20, 1", "00:40 to 00:50, 2"])
        #expect(try retry(row.id, .unsaid) == [row.id])
        #expect(try left() == ["00:40 to 00:50, 2"])
    }

    @Test func `all of them leave nothing, and the row is the first of the runs`() throws {
        let row = try fixture.miss(3)
        let queued = try retry(row.id, .all)
        #expect(queued.first == row.id && Set(queued).count == 3)
        #expect(try fixture.times(.queued).sorted() == ["00:10", "00:20", "00:30"])
        #expect(try fixture.runs(.skipped).isEmpty)
        #expect(try fixture.reader.queueCounts().runs[.queued] == 3)
    }

    @Test func `without a word which, nothing is done, and the error names them and what to write`() throws {
        let row = try fixture.miss(7)
        let error = #expect(throws: StateError.self) { try retry(row.id, .unsaid) }
        #expect(error?.code == .conflict)
        #expect(
            error?.message.contains("7 instants at which nothing ran (2026-01-01T00:10:00Z, 2026-01-01T00:20:00Z")
                == true)
        #expect(error?.message.contains("… 2026-01-01T01:10:00Z): say with --instant") == true)
        let stranger = #expect(throws: StateError.self) { try retry(row.id, .only([.at("00:15:00")])) }
        #expect(stranger?.message.contains("2026-01-01T00:15:00Z is none of them") == true)
        #expect(try fixture.reader.run(row.id) == row)
        #expect(try fixture.runs(.queued).isEmpty)
        #expect(throws: StateError.self) {
            try fixture.store.perform(.retry, on: row.id, actor: "ada", at: fixture.clock.now())
        }
        let nobody = #expect(throws: StateError.self) { try retry("run_nobody", .all) }
        #expect(nobody?.code == .notFound)
    }

    @Test func `of more than may be caught up the oldest are retried, and it says how many are left for the next time`()
        throws
    {
        let row = try fixture.miss(2_000)
        let retries = RunRetries(store: fixture.store, zones: RuntimeFixture.zones)
        func all() throws -> RetriedRuns {
            try retries.retry(row.id, .all, repeatingEffects: false, actor: "ada", at: fixture.clock.now())
        }
        let first = try all()
        #expect(first.runs.count == 1_000 && first.left == 1_000)
        #expect(first.runs.first?.scheduledAt == .at("00:10:00"))
        #expect(first.runs.last?.scheduledAt == RuntimeFixture.start.advanced(by: .seconds(1_000 * 600)))
        let rest = try #require(try fixture.reader.run(row.id))
        #expect(rest.state == .skipped && rest.missed == 1_000 && rest.scheduledAt == row.scheduledAt)
        let second = try all()
        #expect(second.runs.count == 1_000 && second.left == 0)
        #expect(second.runs.last?.scheduledAt == row.scheduledAt)
        #expect(try fixture.runs(.skipped).isEmpty)
    }

    @Test func `an instant is found in whichever row of its trigger has it by now`() throws {
        let row = try fixture.miss(4)
        let retries = RunRetries(store: fixture.store, zones: RuntimeFixture.zones)
        func retry(_ instants: Instant...) throws -> [OperatedRun] {
            try retries.retry(
                row.id, .only(Set(instants)), repeatingEffects: false, actor: "ada", at: fixture.clock.now()
            ).runs
        }
        #expect(try retry(.at("00:20:00")).map(\.scheduledAt) == [.at("00:20:00")])
        // The row is 00:10 alone now, and 00:30 to 00:40 is another one.
        #expect(try left() == ["00:10 to 00:10, 1", "00:30 to 00:40, 2"])
        #expect(try retry(.at("00:30:00")).map(\.scheduledAt) == [.at("00:30:00")])
        #expect(try left() == ["00:10 to 00:10, 1", "00:40 to 00:40, 1"])
        // Both at once, of which one is in the row itself; they are told in order.
        let last = try retry(.at("00:40:00"), .at("00:10:00"))
        #expect(last.map(\.scheduledAt) == [.at("00:10:00"), .at("00:40:00")] && last.first?.id == row.id)
        #expect(try fixture.times(.queued).sorted() == ["00:10", "00:20", "00:30", "00:40"])

        let again = #expect(throws: StateError.self) { try retry(.at("00:30:00")) }
        #expect(again?.message.contains("there is a run for it already: see `writ runs --trigger timed`") == true)
        let stranger = #expect(throws: StateError.self) { try retry(.at("00:50:00")) }
        #expect(stranger?.message.contains("no skipped run of its trigger stands for it") == true)
    }

    @Test func `a row that somebody parted meanwhile is not decided anew by what was read before`() throws {
        let row = try fixture.miss(4)
        let span = try #require(InstantSpan(of: row))
        let cursor = try #require(try fixture.reader.scheduleCursors()["timed"])
        _ = try retry(row.id, .only([.at("00:30:00")]))
        let before = try fixture.runs()
        let fired = try fixture.store.fire(
            ScheduleFiring(
                cursor: cursor, next: cursor.instant.advanced(by: .seconds(600)),
                retaken: [
                    RetakenSkip(
                        run: row.id, instants: span, before: InstantSpan([.at("00:10:00")]),
                        after: InstantSpan([.at("00:30:00"), .at("00:40:00")]))
                ], at: fixture.clock.now()))
        #expect(fired == .superseded)
        #expect(try fixture.runs() == before)
        #expect(try fixture.reader.scheduleCursors()["timed"] == cursor)
    }

    @Test func `instants of a schedule that was changed since are those of then`() throws {
        let row = try fixture.miss(3)
        try fixture.apply(
            RuntimeFixture.manifests(RuntimeFixture.trigger("timed", "schedule: {cron: '7 * * * *'}")))
        _ = try retry(row.id, .only([.at("00:20:00")]))
        #expect(try left() == ["00:10 to 00:10, 1", "00:30 to 00:30, 1"])
    }

    @Test func `instants of a trigger whose name another one has now are its own`() throws {
        let row = try fixture.miss(3)
        try fixture.apply(
            RuntimeFixture.manifests(
                RuntimeFixture.trigger("moved, renamedFrom: timed", "schedule: {cron: '*/10 * * * *'}")))
        try fixture.apply(
            RuntimeFixture.manifests(
                RuntimeFixture.trigger("moved", "schedule: {cron: '*/10 * * * *'}"),
                RuntimeFixture.trigger("timed", "schedule: {cron: '*/10 * * * *'}")))
        let queued = try retry(row.id, .only([.at("00:20:00")]))
        let names = try fixture.reader.currentNames()
        let run = try #require(try fixture.reader.run(queued[0]))
        #expect(names.name(of: Trigger.id(run.trigger ?? ""), at: run.revision) == "moved")
    }

    @Test func `a span that the schedule of then does not have is left as it is`() throws {
        let cursor = try #require(try fixture.reader.scheduleCursors()["timed"])
        fixture.clock.set(.at("01:00:00"))
        _ = try fixture.store.fire(
            ScheduleFiring(
                cursor: cursor, next: .at("00:50:00"),
                skipped: [
                    SkippedInstants(
                        since: .at("00:11:00"), instant: .at("00:50:00"), count: 3, reason: "missed",
                        target: .agent("brief"), revision: 1)
                ], at: .at("01:00:00")))
        let row = try #require(try fixture.runs(.skipped).first)
        let error = #expect(throws: StateError.self) { try retry(row.id, .all) }
        #expect(error?.message.contains("cannot be told any more") == true)
        #expect(try fixture.reader.run(row.id) == row)
    }

    @Test func `a run of one instant takes its own, and no other`() throws {
        let row = try fixture.miss(1)
        #expect(throws: StateError.self) { try retry(row.id, .only([.at("00:20:00")])) }
        #expect(try retry(row.id, .only([.at("00:10:00")])) == [row.id])
        #expect(try fixture.times(.queued) == ["00:10"])
    }
}

extension Instant {
    /// `00:10`
    fileprivate var time: String { String(rfc3339.dropFirst(11).prefix(5)) }
}
