import State
import TestSupport
import Testing
import Values

@Suite struct GroupCommitTests {
    @Test func `events that arrive together are stored each once, and each is told its own`() async throws {
        let fixture = try StateFixture()
        let group = GroupCommit(fixture.store)
        let answers = try await withThrowingTaskGroup(of: [Result<Acceptance, StateError>].self) { tasks in
            for number in 0..<300 {
                // Every third one comes twice.
                tasks.addTask {
                    try await group.accept([Arrival(.test("e\(number - (number % 3 == 2 ? 1 : 0))"), runs: [])])
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        let acceptances = try answers.flatMap { try $0.map { try $0.get() } }
        var accepted: Set<String> = []
        var duplicates: [String] = []
        for acceptance in acceptances {
            switch acceptance {
            case .accepted(let event, _): accepted.insert(event)
            case .duplicate(let event, let isSameBody):
                duplicates.append(event)
                #expect(isSameBody)
            }
        }
        #expect(accepted.count == 200)
        #expect(duplicates.count == 100)
        #expect(accepted.isSuperset(of: duplicates))
        #expect(try fixture.reader.events(Page(limit: 500)).items.count == 200)
    }

    @Test func `an event that is too large is its sender's alone`() throws {
        let fixture = try StateFixture()
        var large = NewEvent.test("large")
        large.payload = JSONText(.string(String(repeating: "x", count: 9 << 20)))
        let results = try fixture.store.accept([
            Arrival(.test("a"), runs: []), Arrival(large, runs: []), Arrival(.test("b"), runs: []),
        ])
        #expect(try results[0].get().event != results[2].get().event)
        #expect(throws: StateError.self) { try results[1].get() }
        #expect(try fixture.reader.events().items.count == 2)
    }

    @Test func `a state that is closed tells everybody who waits`() async throws {
        let fixture = try StateFixture()
        let group = GroupCommit(fixture.store)
        try fixture.store.close()
        await #expect(throws: StateError.self) { try await group.accept([Arrival(.test("a"), runs: [])]) }
    }
}
