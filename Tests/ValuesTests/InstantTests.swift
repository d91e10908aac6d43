import Testing

@testable import Values

@Suite struct InstantTests {
    @Test(
        "RFC 3339 is read",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1), ("2026-03-08T07:30:00Z", 1_772_955_000_000),
            ("2026-03-08t03:30:00-04:00", 1_772_955_000_000), ("2026-03-08T13:15:00+05:45", 1_772_955_000_000),
            ("2026-03-08T07:30:00.1Z", 1_772_955_000_100), ("2026-03-08T07:30:00.1239999999Z", 1_772_955_000_123),
            ("2000-02-29T00:00:00z", 951_782_400_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("2026-03-08T07:30:00-00:00", 1_772_955_000_000),
        ] as [(String, Int64)])
    func reads(text: String, milliseconds: Int64) {
        #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "what is not RFC 3339 is refused",
        arguments: [
            "", "2026-03-08", "2026-03-08 07:30:00Z", "2026-03-08T07:30Z", "2026-03-08T07:30:00", "2026-3-8T07:30:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
            "2016-12-31T23:59:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+1", "0000-01-01T00:00:00Z",
            "12026-01-01T00:00:00Z", "-2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00ZZ", "２026-01-01T00:00:00Z", "2026-01-01T00:00:00\u{0}",
        ])
    func refuses(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(
        "RFC 3339 is written, milliseconds where there are any",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_772_955_000_007, "2026-03-08T07:30:00.007Z"), (.max, "9999-12-31T23:59:59Z"),
            (.min, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func writes(milliseconds: Int64, text: String) {
        #expect(Instant(milliseconds: milliseconds).rfc3339 == text)
        #expect("\(Instant(milliseconds: milliseconds))" == text)
    }

    @Test func `every instant that is written is read again`() {
        for step in 0..<2_000 as Range<Int64> {
            let instant = Instant(milliseconds: -62_135_596_800_000 + step * 157_769_000_123)
            guard instant.milliseconds < 253_402_300_800_000 else { break }
            #expect(Instant(rfc3339: instant.rfc3339) == instant)
        }
    }

    @Test(
        "a zone's offset is written, and the text names the same instant",
        arguments: [
            ("America/New_York", "2026-03-08T03:30:00-04:00"), ("Europe/Berlin", "2026-01-01T00:00:00.500+01:00"),
            ("Asia/Kathmandu", "2026-07-01T12:00:00+05:45"), ("America/St_Johns", "2026-07-01T12:00:00-02:30"),
            ("UTC", "2026-07-01T12:00:00+00:00"),
            // Local mean time, +00:53:28, is cut to its minute.
            ("Europe/Berlin", "1890-01-01T00:00:00+00:53"),
        ])
    func inZone(name: String, text: String) throws {
        let instant = try instant(text)
        #expect(instant.rfc3339(in: try zones.zone(named: name)) == text)
    }

    @Test func `arithmetic stops at the ends`() {
        let end = Instant(milliseconds: .max)
        #expect(end.advanced(by: .seconds(1)) == end)
        #expect(Instant(milliseconds: .min).advanced(by: .seconds(-1)) == Instant(milliseconds: .min))
        #expect(Instant(seconds: .max) == end)
        #expect(Instant(seconds: .min) == Instant(milliseconds: .min))
        #expect(Instant(milliseconds: -1).seconds == -1)
        #expect(Instant(milliseconds: 5_000).advanced(by: .milliseconds(-7_500)) == Instant(milliseconds: -2_500))
        #expect(Instant(milliseconds: 90_000).duration(since: Instant(milliseconds: 30_500)) == .milliseconds(59_500))
    }

    @Test func `days and dates are each other's inverse over a whole cycle`() {
        var day = Gregorian.day(year: 1900, month: 1, day: 1)
        #expect(day == -25_567)
        for year in 1900..<2301 {
            for month in 1...12 {
                for dayOfMonth in [1, Gregorian.length(ofMonth: month, in: year)] {
                    let number = Gregorian.day(year: year, month: month, day: dayOfMonth)
                    #expect(Gregorian.date(ofDay: number) == (year, month, dayOfMonth))
                    #expect(number == (dayOfMonth == 1 ? day : day + Int64(dayOfMonth) - 1))
                    day = dayOfMonth == 1 ? number : number + 1
                }
            }
        }
        #expect(Gregorian.weekday(ofDay: 0) == 4)
        #expect(Gregorian.weekday(ofDay: -1) == 3)
    }
}
