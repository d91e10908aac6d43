import GRDB
import State
import Synchronization
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

    /// Where answers are made: how often it was woken, and what was told there.
    private final class Desk: Sendable {
        private struct Record {
            var wakings = 0
            var events: [String] = []
        }

        private let record = Mutex(Record())

        var wakings: Int { record.withLock(\.wakings) }
        var events: [String] { record.withLock(\.events) }

        var place: AnswerPlace {
            AnswerPlace(self) { work in
                self.record.withLock { $0.wakings += 1 }
                work()
            }
        }

        func told(_ outcome: GroupCommit.Outcome) {
            let event = (try? outcome.get().first?.get().event) ?? "none"
            record.withLock { $0.events.append(event) }
        }
    }

    @Test func `one half of who is under way is stored at once, in their order, and each place hears of it once`()
        async throws
    {
        let fixture = try StateFixture()
        let group = GroupCommit(fixture.store)
        let desks = [Desk(), Desk()]
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: fixture.path, configuration: configuration)
        // The first one waits for whoever writes, and the others for the first one.
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        for number in 0...40 {
            let desk = desks[number % 2]
            group.accept([Arrival(.test("e\(number)"), runs: [])], at: desk.place) { desk.told($0) }
        }
        try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try await waitUntil("everybody is told") { desks.map(\.events.count) == [21, 20] }
        // The first one, half of the others, the rest: one more or less, by when the first one began.
        #expect(desks.allSatisfy { $0.wakings <= 4 })
        let events = try fixture.reader.events(Page(limit: 100)).items.reversed()
        for (place, desk) in desks.enumerated() {
            #expect(desk.events == events.enumerated().filter { $0.offset % 2 == place }.map(\.element.id))
        }
    }

    @Test func `whoever waits behind a locked state is told when the first ones are (fault D81)`() async throws {
        let fixture = try StateFixture()
        let group = GroupCommit(fixture.store)
        let told = Mutex<[StateError.Code?]>([])
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: fixture.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        for number in 0..<600 {
            group.accept([Arrival(.test("e\(number)"), runs: [])]) { outcome in
                var code: StateError.Code?
                if case .failure(let error) = outcome { code = error.code }
                // The next group would be stored if there was one: the lock is gone before anybody else hears.
                if told.withLock({ $0.isEmpty }) {
                    try? other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
                }
                told.withLock { $0.append(code) }
            }
        }
        try await waitUntil("everybody is told", timeout: .seconds(60)) { told.withLock(\.count) == 600 }
        #expect(told.withLock(\.self).allSatisfy { $0 == .busy })
        #expect(try fixture.reader.events().items.isEmpty)
        guard case .accepted = try fixture.store.accept(.test("later")) else { throw StateError(.other, "refused") }
    }

    @Test func `a state that is closed tells everybody who waits`() async throws {
        let fixture = try StateFixture()
        let group = GroupCommit(fixture.store)
        try fixture.store.close()
        await #expect(throws: StateError.self) { try await group.accept([Arrival(.test("a"), runs: [])]) }
    }
}
