import State
import TestSupport
import Testing
import Values

@Suite struct ObservationTests {
    private func observation(
        _ commit: String?, _ outcome: Observation.Outcome, _ seconds: Int64, _ message: String = ""
    ) -> Observation {
        Observation(
            commit: commit, branch: "main", at: StateFixture.at(seconds), outcome: outcome, revision: nil,
            message: message, diagnostics: [["code": "unknown-field"]])
    }

    @Test("fault C68: looking at an unchanged commit a thousand times writes nothing")
    func repeated() throws {
        let fixture = try StateFixture()
        #expect(try fixture.store.record(observation("a", .unchanged, 0)))
        let before = try fixture.directory.read("writ/state.db-wal").utf8.count
        for second in 1...1_000 {
            #expect(try !fixture.store.record(observation("a", .unchanged, Int64(second))))
        }
        #expect(try fixture.directory.read("writ/state.db-wal").utf8.count == before)
        #expect(try fixture.reader.observations().items.count == 1)
        #expect(try fixture.reader.latestObservation()?.lastAt == StateFixture.at(0))
    }

    @Test func `a repetition is dated when asked`() throws {
        let fixture = try StateFixture()
        try fixture.store.record(observation("a", .rejected, 0, "two faults"))
        for second in [30, 59, 60, 61, 119] {
            try fixture.store.record(observation("a", .rejected, Int64(second), "two faults"), touching: true)
        }
        let last = try #require(try fixture.reader.latestObservation())
        #expect(last.at == StateFixture.at(0))
        #expect(last.lastAt == StateFixture.at(60), "once a minute")
        #expect(last.diagnostics == [["code": "unknown-field"]])
    }

    @Test func `nobody is woken by a look at the repository`() async throws {
        let fixture = try StateFixture()
        let changes = fixture.store.changes()
        try fixture.store.record(observation("a", .unchanged, 0))
        try fixture.store.record(observation("a", .unchanged, 90), touching: true)
        // What was signalled before the end of the stream is in it.
        try fixture.store.close()
        #expect(await changes.reduce(0) { count, _ in count + 1 } == 0)
    }

    @Test func `another commit, outcome or message is news, also when it was seen before`() throws {
        let fixture = try StateFixture()
        try fixture.store.record(observation("a", .unchanged, 0))
        try fixture.store.record(observation("b", .rejected, 1, "one fault"))
        try fixture.store.record(observation("b", .rejected, 2, "two faults"))
        try fixture.store.record(observation(nil, .unreadable, 3))
        try fixture.store.record(observation("a", .unchanged, 4))
        let outcomes = try fixture.reader.observations().items.map(\.outcome)
        #expect(outcomes == [.unchanged, .unreadable, .rejected, .rejected, .unchanged])
    }

    @Test func `of very many diagnostics the first ones are kept, and repetitions are known`() throws {
        let fixture = try StateFixture()
        let one: JSON = ["message": .string(String(repeating: "x", count: 1_000))]
        let observation = Observation(
            commit: "a", branch: nil, at: StateFixture.start, outcome: .rejected, revision: nil,
            message: String(repeating: "m", count: 20_000), diagnostics: .array(Array(repeating: one, count: 1_000)))
        #expect(try fixture.store.record(observation))
        #expect(try !fixture.store.record(observation))
        let stored = try #require(try fixture.reader.latestObservation()?.diagnostics.array)
        #expect(stored.count == 258)
        #expect(stored.allSatisfy { $0 == one })
    }
}
