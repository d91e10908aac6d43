import State
import Testing
import Values

@testable import Reconciler

@Suite("writ doctor about the clock") struct ClockCheckTests {
    private static let now = Instant(seconds: 1_780_000_000)

    private func finding(_ past: TimeChecks.Past = TimeChecks.Past(), isServed: Bool = false, at now: Instant = now)
        -> Finding?
    {
        TimeChecks.findings(.empty, past, isServed: isServed, now: now).first { $0.check == "clock" }
    }

    private func past(schedulesAhead: Duration) -> TimeChecks.Past {
        TimeChecks.Past(
            furthest: TimeChecks.Past.Furthest(
                trigger: "morning", instant: Self.now.advanced(by: schedulesAhead)))
    }

    @Test func `A clock that agrees with what was recorded is well, and one that cannot be is a problem`() {
        #expect(finding()?.status == .ok)
        #expect(finding(past(schedulesAhead: .seconds(30)))?.status == .ok)
        for seconds: Int64 in [31_536_000, 4_296_000_000] {
            #expect(finding(at: Instant(seconds: seconds))?.status == .problem)
        }
    }

    @Test func `Which of clock and record is wrong is left to the reader, with what helps in both cases`() throws {
        let far = try #require(finding(past(schedulesAhead: .seconds(86_400))))
        #expect(far.status == .warning && far.message.contains("trigger morning has come to"), "\(far)")
        #expect(far.fix?.contains("If it is right, `writ serve` goes on by it: start it") == true, "\(far)")
        let near = try #require(finding(past(schedulesAhead: .seconds(3_600)), isServed: true))
        #expect(near.fix?.contains("schedules go on at") == true, "\(near)")
        let seen = try #require(finding(TimeChecks.Past(last: Self.now.advanced(by: .seconds(7_200)))))
        #expect(seen.status == .warning && seen.fix?.hasSuffix("nothing has to be done") == true, "\(seen)")
        let stranded = try #require(finding(TimeChecks.Past(stranded: 2), isServed: true))
        #expect(stranded.message.contains("2 runs or messages wait"), "\(stranded)")
    }
}
