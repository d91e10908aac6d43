/// What a clock on the wall and the calendar beside it show: a date and a time of day, without a zone.
package struct CivilTime: Hashable, Sendable {
    /// The year of the proleptic Gregorian calendar; year 0 comes before year 1.
    package let year: Int
    /// 1-12.
    package let month: Int
    /// 1-31.
    package let day: Int
    /// 0-23.
    package let hour: Int
    /// 0-59.
    package let minute: Int
    /// 0-59; there are no leap seconds.
    package let second: Int
    /// 0 = Sunday to 6 = Saturday.
    package let weekday: Int

    /// The time that is `localSeconds` after 1970-01-01 00:00:00 on the same wall clock.
    package init(localSeconds: Int64) {
        let dayNumber = Gregorian.floorDivide(localSeconds, Gregorian.secondsInDay)
        let rest = Int(localSeconds - dayNumber * Gregorian.secondsInDay)
        let date = Gregorian.date(ofDay: dayNumber)
        year = date.year
        month = date.month
        day = date.day
        hour = rest / 3_600
        minute = rest % 3_600 / 60
        second = rest % 60
        weekday = Gregorian.weekday(ofDay: dayNumber)
    }

    /// The given date and time; nil if there is no such date or time, or the year is beyond ±300,000,000.
    package init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard (-300_000_000...300_000_000).contains(year), (1...12).contains(month),
            day >= 1, day <= Gregorian.length(ofMonth: month, in: year),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        weekday = Gregorian.weekday(ofDay: Gregorian.day(year: year, month: month, day: day))
    }

    /// The day number, counted from 1970-01-01.
    package var dayNumber: Int64 {
        Gregorian.day(year: year, month: month, day: day)
    }

    /// Seconds since 1970-01-01 00:00:00 on the same wall clock.
    package var localSeconds: Int64 {
        dayNumber * Gregorian.secondsInDay + Int64(hour * 3_600 + minute * 60 + second)
    }
}
