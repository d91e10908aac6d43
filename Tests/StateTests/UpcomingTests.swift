import State
import TestSupport
import Testing
import Values

@Suite struct UpcomingTests {
    private let fixture: StateFixture
    private let hourly: CronExpression
    private static let count = 40

    init() throws {
        fixture = try StateFixture()
        hourly = try CronExpression("0 * * * *")
    }

    private func cursor(_ name: String, _ seconds: Int64 = 0) -> ScheduleCursor {
        ScheduleCursor(trigger: name, instant: StateFixture.at(seconds), specDigest: Digest(of: "times".utf8))
    }

    private func upcoming(_ seconds: Int64?) -> UpcomingInstant {
        UpcomingInstant(at: seconds.map(StateFixture.at), in: .utc)
    }

    private func apply(_ upcoming: [(name: String, next: UpcomingInstant?)]) throws {
        var application = RevisionApplication.test([])
        application.cursors = upcoming.map { cursor($0.name) }
        for (name, next) in upcoming { application.upcoming[name] = next }
        _ = try fixture.store.apply(application)
    }

    private var bases: [String] {
        get throws { try fixture.reader.scheduleBases() }
    }

    private func due(
        after start: Int64? = nil, through end: Int64, count: Int = 100
    ) throws -> (names: [String], through: Instant, beyond: Instant?) {
        let due = try fixture.reader.dueSchedules(
            bases, after: start.map(StateFixture.at), through: StateFixture.at(end), count: count)
        return (due.items.map(\.trigger), due.through, due.beyond)
    }

    @Test func `gives what fires next in order, and where to go on`() throws {
        try apply([
            ("c", upcoming(30)), ("a", upcoming(10)), ("b", upcoming(10)), ("d", upcoming(50)), ("e", upcoming(nil)),
        ])
        #expect(try due(through: 30) == (["a", "b", "c"], StateFixture.at(30), StateFixture.at(50)))
        #expect(try due(after: 10, through: 60) == (["c", "d"], StateFixture.at(60), nil))
        #expect(try fixture.reader.unsettledSchedules(bases).isEmpty)
    }

    @Test func `of very many it gives some, and never a part of those that share an instant`() throws {
        try apply((0..<Self.count).map { ("t\($0)", upcoming(Int64($0 / 4) * 10)) })
        let first = try due(through: 1_000, count: 9)
        #expect(first.names.count == 12 && first.through == StateFixture.at(20))
        #expect(first.beyond == StateFixture.at(30))
        let rest = try due(after: 20, through: 1_000)
        #expect(first.names.count + rest.names.count == Self.count && rest.beyond == nil)
    }

    @Test func `what was never worked out, or by other rules, is told apart until it is`() throws {
        let other = try UpcomingInstant(
            of: hourly, in: Zone(identifier: "Test/Other", tzif: ZoneBytes.fixed), after: StateFixture.at(0))
        try apply([("a", upcoming(10)), ("b", nil), ("c", other)])
        #expect(try bases.count == 2)
        let good = [upcoming(0).basis]
        #expect(try Set(fixture.reader.unsettledSchedules(good)) == ["b", "c"])
        try fixture.store.settle([(cursor("b"), upcoming(20)), (cursor("c"), upcoming(nil))])
        #expect(try fixture.reader.unsettledSchedules(good).isEmpty)
        #expect(try due(through: 100).names == ["a", "b"])
    }

    @Test func `what was worked out for a cursor that has moved is not recorded`() throws {
        try apply([("a", nil)])
        let firing = ScheduleFiring(
            cursor: cursor("a"), next: StateFixture.at(60), upcoming: upcoming(120), at: StateFixture.at(61))
        _ = try fixture.store.fire(firing)
        try fixture.store.settle([(cursor("a"), upcoming(60))])
        let due = try fixture.reader.dueSchedules(
            bases, after: nil, through: StateFixture.at(1_000), count: 10)
        #expect(due.items.map(\.at) == [StateFixture.at(120)])
    }

    @Test func `rules hold for the time zone that they were made with`() throws {
        let zone = try Zone(identifier: "Test/Zone", tzif: ZoneBytes.fixed)
        let basis = UpcomingInstant(of: hourly, in: zone, after: StateFixture.at(0)).basis
        #expect(UpcomingInstant.holds(basis, ZoneDatabase { _ in ZoneBytes.fixed }))
        #expect(!UpcomingInstant.holds(basis, ZoneDatabase { _ in ZoneBytes.other }))
        #expect(!UpcomingInstant.holds(basis, ZoneDatabase { _ in nil }))
        #expect(!UpcomingInstant.holds("0 Test/Zone x", ZoneDatabase { _ in ZoneBytes.fixed }))
        #expect(!UpcomingInstant.holds("", ZoneDatabase { _ in ZoneBytes.fixed }))
    }
}

/// TZif files of zones with one offset for ever (RFC 9636).
private enum ZoneBytes {
    static let fixed = bytes("<+01>-1")
    static let other = bytes("<+02>-2")

    private static func bytes(_ rule: String) -> [UInt8] {
        func block() -> [UInt8] {
            // No leap seconds, transitions or indicators; one type, of four letters.
            Array("TZif2".utf8) + Array(repeating: 0, count: 15) + [0, 0, 0, 0] + [0, 0, 0, 0] + [0, 0, 0, 0]
                + [0, 0, 0, 0] + [0, 0, 0, 1] + [0, 0, 0, 4] + [0, 0, 0x0E, 0x10, 0, 0] + Array("+01".utf8) + [0]
        }
        return block() + block() + Array("\n\(rule)\n".utf8)
    }
}
