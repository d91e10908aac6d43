import Testing

@testable import Values

/// The rows of the dialect table, and what is refused.
@Suite struct CronExpressionTests {
    /// From Thursday 2026-01-01 00:00 UTC, that minute included.
    @Test(
        "days of month and week are joined as Debian's cron joins them",
        arguments: [
            ("30 4 1,15 * 5", ["01-01T04:30", "01-02T04:30", "01-09T04:30", "01-15T04:30"]),
            ("0 0 */2 * 1", ["01-05T00:00", "01-19T00:00", "02-09T00:00"]),
            ("0 0 1-31/2 * 1", ["01-01T00:00", "01-03T00:00", "01-05T00:00", "01-07T00:00"]),
            ("0 0 1,2 * */3", ["02-01T00:00", "03-01T00:00", "04-01T00:00", "05-02T00:00"]),
            ("0 0 * * 0-7", ["01-01T00:00", "01-02T00:00", "01-03T00:00"]),
            ("0 0 13 * 0-7", ["01-01T00:00", "01-02T00:00"]),
            ("0 0 * * 5-7", ["01-02T00:00", "01-03T00:00", "01-04T00:00", "01-09T00:00"]),
            ("0 0 * * mon-fri", ["01-01T00:00", "01-02T00:00", "01-05T00:00"]),
            ("0 0 * * SUN-Sat", ["01-01T00:00", "01-02T00:00", "01-03T00:00"]),
            ("0 0 * * 7", ["01-04T00:00", "01-11T00:00"]),
            ("0 0 * * 0", ["01-04T00:00", "01-11T00:00"]),
            ("0 0 * * */7", ["01-04T00:00", "01-11T00:00"]),
            ("0 0 * * mon-fri/2", ["01-02T00:00", "01-05T00:00", "01-07T00:00"]),
            ("5/15 * * * *", ["01-01T00:05", "01-01T00:20", "01-01T00:35", "01-01T00:50", "01-01T01:05"]),
            ("5-5/15 * * * *", ["01-01T00:05", "01-01T01:05"]),
            ("*/61 * * * *", ["01-01T00:00", "01-01T01:00", "01-01T02:00"]),
            ("7,0-2,58-59 3 * * *", ["01-01T03:00", "01-01T03:01", "01-01T03:02", "01-01T03:07", "01-01T03:58"]),
            ("59 23 31 Jan,mar *", ["01-31T23:59", "03-31T23:59"]),
            ("0 0 31 * *", ["01-31T00:00", "03-31T00:00", "05-31T00:00", "07-31T00:00"]),
            ("\t05  04 *  * * ", ["01-01T04:05", "01-02T04:05"]),
            ("@monthly", ["01-01T00:00", "02-01T00:00", "03-01T00:00"]),
            ("@weekly", ["01-04T00:00", "01-11T00:00"]),
            ("@daily", ["01-01T00:00", "01-02T00:00"]),
            ("@midnight", ["01-01T00:00", "01-02T00:00"]),
            ("@Hourly", ["01-01T00:00", "01-01T01:00", "01-01T02:00"]),
        ])
    func days(expression: String, expected: [String]) throws {
        let times = try times(expression, after: "2025-12-31T23:59:59.999Z", count: expected.count)
        #expect(times == expected.map { "2026-\($0):00+00:00" })
    }

    @Test(arguments: ["@yearly", "@annually", "0 0 1 1 *"])
    func `yearly names mean the first of January`(expression: String) throws {
        #expect(
            try times(expression, after: "2026-01-01T00:00:00Z", count: 2)
                == ["2027-01-01T00:00:00+00:00", "2028-01-01T00:00:00+00:00"])
    }

    @Test func `the 29th of February is found over a century without one`() throws {
        #expect(
            try times("0 12 29 2 *", after: "2095-01-01T00:00:00Z", count: 2)
                == ["2096-02-29T12:00:00+00:00", "2104-02-29T12:00:00+00:00"])
        #expect(
            try times("0 12 29 2 */7", after: "2080-01-01T00:00:00Z", in: "Europe/Berlin", count: 1)
                == ["2088-02-29T12:00:00+01:00"])
    }

    @Test func `next is strictly later, to the millisecond`() throws {
        let cron = try CronExpression("* * * * *")
        for (after, expected) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"), ("2026-01-01T00:00:59.999Z", "2026-01-01T00:01:00Z"),
            ("2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00Z"),
            ("1969-12-31T23:58:00.001Z", "1969-12-31T23:59:00Z"),
        ] {
            #expect(cron.next(after: try instant(after), in: .utc) == (try instant(expected)))
        }
    }

    @Test func `the ends of time give an answer and no trap`() throws {
        let cron = try CronExpression("0 0 1 1 *")
        let berlin = try zones.zone(named: "Europe/Berlin")
        #expect(cron.next(after: Instant(milliseconds: .max), in: berlin) == nil)
        #expect(cron.next(after: try instant("9999-12-31T00:00:00Z"), in: .utc) == nil)
        #expect(cron.next(after: Instant(milliseconds: .min), in: .utc) == (try instant("0001-01-01T00:00:00Z")))
        #expect(cron.next(after: Instant(milliseconds: .min), in: berlin) != nil)
    }

    /// Fault 29.
    @Test(
        "what is wrong is refused and the field named",
        arguments: [
            ("60 * * * *", "minute", "`60` is out of range: use 0 to 59"),
            ("* 24 * * *", "hour", "use 0 to 23"),
            ("0 0 0 * *", "day of month", "`0` is out of range: use 1 to 31"),
            ("0 0 32 * *", "day of month", "use 1 to 31"),
            ("0 0 * 0 *", "month", "use 1 to 12"),
            ("0 0 * 13 *", "month", "use 1 to 12"),
            ("0 0 * * 8", "day of week", "use 0 to 7"),
            ("99999999999999999999 * * * *", "minute", "not understood"),
            ("0-10/0 * * * *", "minute", "`0` is not a step"),
            ("*/0 * * * *", "minute", "`0` is not a step"),
            ("*/ * * * *", "minute", "`` is not a step"),
            ("*/2/3 * * * *", "minute", "`2/3` is not a step"),
            ("*/-1 * * * *", "minute", "`-1` is not a step"),
            ("-5 * * * *", "minute", "`-5` is not understood"),
            ("5- * * * *", "minute", "`5-` is not understood"),
            ("1-2-3 * * * *", "minute", "`1-2-3` is not understood"),
            ("+5 * * * *", "minute", "`+5` is not understood"),
            ("** * * * *", "minute", "`**` is not understood"),
            ("5, * * * *", "minute", "remove the comma"),
            ("0 0 * ,1 *", "month", "remove the comma"),
            ("0 0 * 1,,2 *", "month", "remove the comma"),
            ("0 22-2 * * *", "hour", "runs backwards: write it in two parts, 22-23,0-2"),
            ("0 0 * * sat-mon", "day of week", "write it in two parts, 6,0-1"),
            ("0 0 * * mon-sun", "day of week", "write it in two parts, 1-6,0"),
            ("0 0 * dec-jan *", "month", "write it in two parts, 12,1"),
            ("0 0 * * monday", "day of week", "a name from sun to sat"),
            ("0 0 * mon *", "month", "a name from jan to dec"),
            ("jan * * * *", "minute", "a number from 0 to 59, a range"),
            ("0 0 31 2 *", "day of month", "never fires"),
            ("0 0 30,31 feb *", "day of month", "never fires"),
            ("0 0 31 4,6,9,11 *", "day of month", "never fires"),
            ("0 0 L * *", "day of month", "no `L`"),
            ("0 0 L-3 * *", "day of month", "no `L`"),
            ("0 0 * * 5L", "day of week", "no `L`"),
            ("0 0 LW * *", "day of month", "no `L`"),
            ("0 0 15W * *", "day of month", "no `W`"),
            ("0 0 * * 1#2", "day of week", "nth weekday"),
            ("0 0 ? * 1", "day of month", "write * in the place of `?`"),
            ("0 0 1 * \u{1B}[2J", "day of week", "`?[2J`"),
            ("０ 0 * * *", "minute", "not understood"),
        ])
    func refused(expression: String, field: String, message: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(expression) }
        #expect(error?.field == field)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "accepted")")
    }

    /// Fault 29.
    @Test(
        "what is no expression of five fields is refused and says what to do",
        arguments: [
            ("", "this is empty"), (" \n", "this is empty"),
            ("* * * *", "4 fields where five are in order"), ("5", "1 field where five"),
            ("0 0 * * * *", "remove the seconds"), ("0 0 0 1 1 * 2026", "remove the seconds and the year"),
            ("* * * * * * * *", "8 fields"), ("0 0 * * *\n0 1 * * *", "10 fields"),
            ("TZ=Europe/Paris 0 0 * * *", "name the zone in `timeZone`"),
            ("CRON_TZ=UTC 0 0 * * *", "name the zone in `timeZone`"),
            ("@reboot", "`@reboot` is not a time"), ("@every 5m", "write a step, such as `*/5 * * * *`"),
            ("@every 0s", "write a step"), ("@daily 5", "one of @yearly"), ("@fortnightly", "one of @yearly"),
            (String(repeating: "1,", count: 200) + "1 * * * *", "at most 256"),
        ])
    func refusedAsAWhole(expression: String, message: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(expression) }
        #expect(error?.field == nil)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "accepted")")
    }
}
