import State
import Testing
import Values

extension RuntimeFixture {
    /// Records what a trigger of every ten minutes missed from 00:10 on, one row for all of it. Returns the row.
    func miss(_ count: Int, _ trigger: String = "timed") throws -> Run {
        let last = Self.start.advanced(by: .seconds(Int64(count) * 600))
        clock.set(last.advanced(by: .seconds(60)))
        let cursor = try #require(try reader.scheduleCursors()[trigger])
        let fired = try store.fire(
            ScheduleFiring(
                cursor: cursor, next: last,
                skipped: [
                    SkippedInstants(
                        since: .at("00:10:00"), instant: last, count: count, reason: "missed; catchUp none",
                        target: .agent("brief"), revision: 1)
                ], at: clock.now()))
        try #require(fired == .fired(run: nil))
        return try #require(try runs(.skipped).first { $0.missed == count })
    }
}
