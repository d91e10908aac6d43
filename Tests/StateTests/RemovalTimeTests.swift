import State
import Testing
import Values

@Suite("By what time what is old is removed (fault D82)")
struct RemovalTimeTests {
    private static let start = Instant(seconds: 1_780_000_000)
    private static let day = Duration.seconds(86_400)

    private static func at(_ days: Double) -> Instant { start.advanced(by: day * days) }

    private var time = RemovalTime()

    /// What it says at a day by both clocks, where the state recorded something last at day 0.
    private mutating func look(_ wall: Double, steady: Double) throws -> Double? {
        let found = try time.time(Self.at(wall), steady: Self.day * steady) { Self.start }
        return found.map { ($0.duration(since: Self.start) / Self.day * 1_000).rounded() / 1_000 }
    }

    @Test("time that passes counts as it passes")
    mutating func passing() throws {
        for hour in 0..<100 {
            let day = Double(hour) / 24
            #expect(try look(day, steady: day) == (day * 1_000).rounded() / 1_000)
        }
    }

    @Test("a leap counts once both clocks have agreed for a day, and one that is put right before never does")
    mutating func leaps() throws {
        #expect(try look(0.5, steady: 0) == 0.5)
        #expect(try look(100.5, steady: 0.01) == 0.51)
        #expect(try look(101.4, steady: 0.91) == 1.41)
        // Put right, and forward again: the day begins anew.
        #expect(try look(1.5, steady: 1) == 1.5)
        #expect(try look(200, steady: 1.1) == 1.6)
        #expect(try look(200.9, steady: 2) == 2.5)
        #expect(try look(201.1, steady: 2.2) == 201.1)
        #expect(try look(202, steady: 3.1) == 202)
    }

    @Test("a process that begins trusts its clock a day beyond what was recorded last, and wholly a day later")
    mutating func beginning() throws {
        #expect(try look(90, steady: 0) == 1)
        #expect(try look(90.5, steady: 0.5) == 1.5)
        #expect(try look(91, steady: 1) == 91)
    }

    @Test("outside of the years in which a clock can be right, nothing is removed, however long it says so")
    mutating func senseless() throws {
        #expect(try look(0, steady: 0) == 0)
        for day in 1..<5 { #expect(try look(40_000 + Double(day), steady: Double(day)) == nil) }
        #expect(try look(5, steady: 5) == 5)
    }

    @Test("a clock that is set back is followed at once")
    mutating func back() throws {
        #expect(try look(0.5, steady: 0) == 0.5)
        #expect(try look(-10, steady: 0.1) == -10)
    }

    @Test("what was recorded last is what stands last, not what says the latest time")
    func newest() throws {
        let fixture = try StateFixture()
        #expect(try fixture.reader.newestRecord() == nil)
        for (key, day) in [("ahead", 100.0), ("right", 1)] {
            _ = try fixture.store.accept(
                NewEvent(
                    endpoint: "trigger/x", dedupeKey: key, name: "push", source: "github", payload: [:],
                    receivedAt: Self.at(day)))
            #expect(try fixture.reader.newestRecord() == Self.at(day))
        }
    }
}
