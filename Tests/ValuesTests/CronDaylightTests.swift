import Testing

@testable import Values

/// The rows of the table, and Debian's limit of three hours.
@Suite("Where clocks are set forward and back (fault E100)") struct CronDaylightTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let zone: String
        let after: String
        let cron: String
        let expected: [String]

        var testDescription: String { "\(cron) in \(zone) after \(after)" }
    }

    @Test(arguments: [
        // New York, 2026-03-08: 02:00 -> 03:00.
        Row(
            zone: "America/New_York", after: "2026-03-08T05:00:00Z", cron: "30 2 * * *",
            expected: ["2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"]),
        Row(
            zone: "America/New_York", after: "2026-03-08T05:00:00Z", cron: "0 */2 * * *",
            expected: ["2026-03-08T04:00:00-04:00", "2026-03-08T06:00:00-04:00"]),
        Row(
            zone: "America/New_York", after: "2026-03-08T06:00:00Z", cron: "*/30 * * * *",
            expected: [
                "2026-03-08T01:30:00-05:00", "2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00",
                "2026-03-08T04:00:00-04:00",
            ]),
        Row(
            zone: "America/New_York", after: "2026-03-08T05:00:00Z", cron: "0,20,40 2,3 * * *",
            expected: [
                "2026-03-08T03:00:00-04:00", "2026-03-08T03:20:00-04:00", "2026-03-08T03:40:00-04:00",
                "2026-03-09T02:00:00-04:00",
            ]),
        // New York, 2026-11-01: 02:00 -> 01:00.
        Row(
            zone: "America/New_York", after: "2026-11-01T04:00:00Z", cron: "30 1 * * *",
            expected: ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"]),
        Row(
            zone: "America/New_York", after: "2026-11-01T04:00:00Z", cron: "30 * * * *",
            expected: [
                "2026-11-01T00:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00",
                "2026-11-01T02:30:00-05:00",
            ]),
        Row(
            zone: "America/New_York", after: "2026-11-01T04:00:00Z", cron: "0 */2 * * *",
            expected: ["2026-11-01T02:00:00-05:00", "2026-11-01T04:00:00-05:00"]),
        Row(
            zone: "America/New_York", after: "2026-11-01T05:15:00Z", cron: "*/15 * * * *",
            expected: [
                "2026-11-01T01:30:00-04:00", "2026-11-01T01:45:00-04:00", "2026-11-01T01:00:00-05:00",
                "2026-11-01T01:15:00-05:00", "2026-11-01T01:30:00-05:00", "2026-11-01T01:45:00-05:00",
                "2026-11-01T02:00:00-05:00",
            ]),
        // From within the second pass.
        Row(
            zone: "America/New_York", after: "2026-11-01T06:10:00Z", cron: "30 1 * * *",
            expected: ["2026-11-02T01:30:00-05:00"]),
        Row(
            zone: "Europe/Berlin", after: "2026-03-28T23:00:00Z", cron: "30 2 * * *",
            expected: ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]),
        Row(
            zone: "Europe/Berlin", after: "2026-10-24T22:00:00Z", cron: "30 2 * * *",
            expected: ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]),
        // Half an hour: 02:00 -> 02:30.
        Row(
            zone: "Australia/Lord_Howe", after: "2026-10-03T14:00:00Z", cron: "15 2 * * *",
            expected: ["2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"]),
        // At midnight: 00:00 -> 01:00.
        Row(
            zone: "Africa/Cairo", after: "2026-04-23T20:00:00Z", cron: "0 0 * * *",
            expected: ["2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"]),
        // A job of another day has nothing to do with the jump.
        Row(
            zone: "Europe/Berlin", after: "2026-03-28T23:00:00Z", cron: "30 2 * * 1",
            expected: ["2026-03-30T02:30:00+02:00"]),
        // Samoa left out 2011-12-30: 24 hours are a correction.
        Row(
            zone: "Pacific/Apia", after: "2011-12-29T09:00:00Z", cron: "0 9 * * *",
            expected: ["2011-12-29T09:00:00-10:00", "2011-12-31T09:00:00+14:00"]),
        // Kwajalein had most of 1969-09-30 twice: 23 hours are a correction.
        Row(
            zone: "Pacific/Kwajalein", after: "1969-09-29T22:00:00Z", cron: "0 18 * * *",
            expected: ["1969-09-30T18:00:00+11:00", "1969-09-30T18:00:00-12:00", "1969-10-01T18:00:00-12:00"]),
        // By the footer's rule, beyond the file's last transition.
        Row(
            zone: "America/New_York", after: "2100-03-14T00:00:00Z", cron: "30 2 14 3 *",
            expected: ["2100-03-14T03:00:00-04:00"]),
        // Beyond the 400 years that are laid out.
        Row(
            zone: "Europe/Berlin", after: "2900-03-27T23:00:00Z", cron: "30 2 * * *",
            expected: ["2900-03-28T03:00:00+02:00", "2900-03-29T02:30:00+02:00"]),
    ])
    func daylight(row: Row) throws {
        #expect(
            try times(row.cron, after: row.after, in: row.zone, count: row.expected.count) == row.expected)
    }

    @Test(arguments: ["Europe/Berlin", "America/New_York", "Europe/Dublin", "UTC"])
    func `four hundred years later the same days fire`(zone: String) throws {
        let zone = try zones.zone(named: zone)
        let cron = try CronExpression("30 2 29 2 *")
        var early = try instant("2040-01-01T00:00:00Z")
        var late = try instant("2440-01-01T00:00:00Z")
        // Up to the year 2840, and so over every border of the layout.
        for _ in 0..<95 {
            early = try #require(cron.next(after: early, in: zone))
            late = try #require(cron.next(after: late, in: zone))
            #expect(late.seconds - early.seconds == Gregorian.secondsInCycle)
        }
    }
}
