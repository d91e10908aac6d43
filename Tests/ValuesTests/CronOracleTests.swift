import Testing

@testable import Values

/// `next` against a slow oracle that looks at every minute and knows nothing of bits, segments or calendars' cycles.
@Suite struct CronOracleTests {
    private static let zoneNames = [
        "UTC", "America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "Africa/Cairo",
        "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca", "Pacific/Chatham",
    ]

    private static let expressions = [
        "* * * * *", "*/7 * * * *", "30 * * * *", "30 1 * * *", "30 2 * * *", "0 0 * * *", "0 */2 * * *",
        "*/20 1-3 * * *", "15,45 2,3 * * *", "0 3 */2 * 0", "5/25 2-4 1-31/3 * 6", "59 23 * * sun-tue", "1 2 8 3 *",
    ]

    /// A field by hand: the numbers that it lists.
    private static func numbers(_ field: Substring, _ range: ClosedRange<Int>) throws -> Set<Int> {
        let names = ["sun": 0, "tue": 2]
        var all: Set<Int> = []
        for term in field.split(separator: ",") {
            let parts = term.split(separator: "/")
            let step = parts.count == 2 ? try #require(Int(parts[1])) : 1
            var ends = [range.lowerBound, range.upperBound]
            if parts[0] != "*" {
                ends = try parts[0].split(separator: "-").map { try #require(Int($0) ?? names[String($0)]) }
            }
            let last = ends.count == 2 ? ends[1] : parts.count == 2 ? range.upperBound : ends[0]
            var number = ends[0]
            while number <= last {
                all.insert(number)
                number += step
            }
        }
        return all
    }

    private struct Oracle {
        let fields: [Set<Int>]
        let both: Bool
        let isFixed: Bool

        init(_ text: String) throws {
            let words = text.split(separator: " ")
            let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]
            fields = try zip(words, ranges).map { try CronOracleTests.numbers($0, $1) }
            both = words[2].first == "*" || words[4].first == "*"
            isFixed = words[0].first != "*" && words[1].first != "*"
        }

        func matches(_ time: CivilTime) -> Bool {
            let dayOfMonth = fields[2].contains(time.day)
            let dayOfWeek = fields[4].contains(time.weekday) || time.weekday == 0 && fields[4].contains(7)
            return fields[0].contains(time.minute) && fields[1].contains(time.hour) && fields[3].contains(time.month)
                && (both ? dayOfMonth && dayOfWeek : dayOfMonth || dayOfWeek)
        }
    }

    /// Every firing in (start, start + minutes].
    private static func slow(_ oracle: Oracle, _ clock: [(instant: Int64, local: Int64)]) -> [Int64] {
        var fired: [Int64] = []
        var furthest = Int64.min
        for (index, minute) in clock.enumerated() {
            let previous = index > 0 ? clock[index - 1].local : minute.local - 60
            var fires = oracle.matches(CivilTime(localSeconds: minute.local))
            if oracle.isFixed {
                if minute.local <= furthest { fires = false }
                var skipped = previous + 60
                while skipped < minute.local {
                    fires = fires || oracle.matches(CivilTime(localSeconds: skipped))
                    skipped += 60
                }
            }
            furthest = max(furthest, minute.local)
            if fires && index > 0 { fired.append(minute.instant) }
        }
        return fired
    }

    @Test(arguments: zoneNames)
    func `every minute around each change of the clock agrees`(name: String) throws {
        let zone = try zones.zone(named: name)
        var starts = [try instant("2027-12-31T12:00:00Z")]
        var change = try instant("2026-01-01T00:00:00Z")
        while starts.count < 5, let next = zone.nextTransition(after: change), starts.count < 5 {
            change = next
            starts.append(Instant(seconds: next.seconds - 14 * 3_600))
        }
        for start in starts {
            let clock = (0...1_800).map { minute in
                let at = start.seconds + Int64(minute) * 60
                return (instant: at, local: at + Int64(zone.offset(at: Instant(seconds: at))))
            }
            let end = start.seconds + 1_800 * 60
            for text in Self.expressions {
                let cron = try CronExpression(text)
                var fired: [Int64] = []
                var last = start
                while let next = cron.next(after: last, in: zone), next.seconds <= end {
                    fired.append(next.seconds)
                    last = next
                }
                #expect(fired == Self.slow(try Oracle(text), clock), "\(text) from \(start) in \(name)")
            }
        }
    }
}
