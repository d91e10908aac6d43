import Foundation
import TestSupport
import Testing

/// Ends `writ apply` without a word while it changes every resource.
///
/// `make test` does so ten times with a few hundred resources, `make torture-apply` a hundred times with ten thousand.
@Suite("Killing apply")
struct KillTests {
    private static func number(_ name: String, or standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }

    private static let kills = number("WRIT_TORTURE_KILLS", or: 10)
    private static let resources = number("WRIT_TORTURE_MANIFESTS", or: 300)

    /// When it is killed: by the clock, when so much is written to the log of the state, or as soon as others can see the
    /// new revision, while the log is being written back.
    private enum Moment {
        case after(Duration)
        case written(Int)
        case committed

        static func random(within usual: Usual) -> Moment {
            // The clock hardly ever finds what comes after the commit.
            if Int.random(in: 0..<5) == 0 { return .committed }
            // The whole log is there just before the end: one in five waits for that.
            if Bool.random() { return .written(min(Int.random(in: 0...usual.written * 5 / 4), usual.written)) }
            return .after(usual.time * Double.random(in: 0.2...1))
        }
    }

    /// What an apply takes that nobody kills.
    private struct Usual {
        var time = Duration.zero
        /// Bytes of the log.
        var written = 0
    }

    @Test("Killed at any moment, apply leaves the old revision or the new one, whole (fault C65)")
    func leavesOldOrNew() async throws {
        let fleet = try FlippingFleet(resources: Self.resources)
        // Both sides once, to know what each says and what applying takes.
        let first = try await fleet.apply(.one)
        var usual = Usual()
        let second = try await watch(fleet, .two) { usual = $0 }
        #expect(first.digests != second.digests)
        #expect(first.resources == Self.resources && second.resources == Self.resources)
        let known = [FlippingFleet.Side.one: first, .two: second]

        var side = FlippingFleet.Side.two
        var revision = second.revision
        var killed = 0
        var outcomes = (old: 0, new: 0)
        var tries = 0
        while killed < Self.kills {
            tries += 1
            try #require(tries < 10 * Self.kills, "apply ends before it can be killed")
            let process = try fleet.start(side.other)
            try await kill(process, fleet, Moment.random(within: usual))
            let isKilled = process.exitStatus == 128 + SIGKILL
            if isKilled { killed += 1 }

            let left = try fleet.recorded()
            try #require(left.problems.isEmpty, "kill \(killed): \(left.problems)")
            let isNew = left.revision != revision
            if isNew {
                if isKilled { outcomes.new += 1 }
                revision += 1
                side = side.other
            } else {
                outcomes.old += 1
            }
            let expected = try #require(known[side])
            #expect(left.revision == revision, "kill \(killed)")
            #expect(left.commit == expected.commit, "kill \(killed)")
            #expect(left.digests == expected.digests, "kill \(killed): resources of both revisions")
            #expect(left.cursors == expected.cursors, "kill \(killed): schedules of both revisions")
            #expect(left.changes == Self.resources, "kill \(killed): a part of the changes")
            #expect(left.observed == revision, "kill \(killed): the observation of another revision")

            let next = try await fleet.apply(isNew ? side : side.other)
            if !isNew {
                side = side.other
                revision += 1
            }
            #expect(next.revision == revision && next.digests == known[side]?.digests, "after kill \(killed)")
        }
        // Few kills may all come too early; that none of a hundred came late says that the moments are no good.
        if Self.kills >= 100 { #expect(outcomes.old > 0 && outcomes.new > 0) }
        print("killed \(killed) times, \(tries - killed) times too late: \(outcomes.old) old, \(outcomes.new) new")
    }

    /// Applies, and tells how long it took and how large the log became.
    private func watch(
        _ fleet: FlippingFleet, _ side: FlippingFleet.Side, _ tell: (Usual) -> Void
    ) async throws -> FlippingFleet.Recorded {
        let began = ContinuousClock.now
        var usual = Usual()
        let process = try fleet.start(side)
        while process.exitStatus == nil {
            usual.written = max(usual.written, fleet.logSize)
            await Task.yield()
        }
        usual.time = began.duration(to: .now)
        try #require(process.exitStatus == 0, "\(process.stderr)")
        tell(usual)
        return try fleet.recorded()
    }

    private func kill(_ process: ChildProcess, _ fleet: FlippingFleet, _ moment: Moment) async throws {
        let began = ContinuousClock.now
        let seen = try fleet.newestRevision()
        while process.exitStatus == nil {
            let isNow =
                switch moment {
                case .committed: try fleet.newestRevision() != seen
                case .after(let time): began.duration(to: .now) >= time
                case .written(let bytes): fleet.logSize > 0 && fleet.logSize >= bytes
                }
            if isNow { break }
            await Task.yield()
        }
        process.send(SIGKILL)
        _ = try await process.wait()
    }
}
