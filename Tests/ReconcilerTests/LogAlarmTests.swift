import Testing

@testable import Reconciler

@Suite("A log of the state that grows")
struct LogAlarmTests {
    @Test("It is told of from 256 MiB on, and again when it has doubled or comes back (fault D79)")
    func isTold() {
        var told: Int64 = 0
        func tells(_ mebibytes: Int64) -> Bool { LogAlarm.message(mebibytes << 20, told: &told) != nil }
        #expect(!tells(255))
        #expect(LogAlarm.message(300 << 20, told: &told)?.contains("grown to 300 MiB") == true)
        #expect(!tells(300) && !tells(599))
        #expect(tells(600) && !tells(700))
        #expect(!tells(4))
        #expect(tells(256))
    }
}
