/// The expression against the calendar alone, without a zone. Minutes are counted from 1970-01-01 00:00 on the wall.
extension CronExpression {
    private static let minutesInDay: Int64 = 1_440

    /// The first minute from `from` on that matches; nil if there is none in the 400 years after which the calendar
    /// repeats, and so none at all.
    func firstLocalMinute(from: Int64) -> Int64? {
        let day = Gregorian.floorDivide(from, Self.minutesInDay)
        let date = Gregorian.date(ofDay: day)
        let days = matchingDays(year: date.year, month: date.month)
        if days &>> UInt64(date.day) & 1 == 1,
            let minute = minuteOfDay(from: Int(from - day * Self.minutesInDay))
        {
            return day * Self.minutesInDay + Int64(minute)
        }
        let later = days & (~0 &<< UInt64(date.day + 1))
        if later != 0 {
            return (day + Int64(later.trailingZeroBitCount - date.day)) * Self.minutesInDay + firstMinuteOfDay
        }
        return firstLocalMinute(afterMonth: date.month, of: date.year)
    }

    private func firstLocalMinute(afterMonth: Int, of firstYear: Int) -> Int64? {
        var year = firstYear
        var month = afterMonth
        while true {
            let rest = months & (~0 &<< UInt64(month + 1))
            if rest == 0 {
                year += 1
                guard year <= firstYear + 400, months != 0 else { return nil }
                month = months.trailingZeroBitCount
            } else {
                month = rest.trailingZeroBitCount
            }
            let days = matchingDays(year: year, month: month)
            if days != 0 {
                let day = Gregorian.day(year: year, month: month, day: days.trailingZeroBitCount)
                return day * Self.minutesInDay + firstMinuteOfDay
            }
        }
    }

    /// The days of a month that match, bit d for day d.
    private func matchingDays(year: Int, month: Int) -> UInt64 {
        guard months &>> UInt64(month) & 1 == 1 else { return 0 }
        let weekdayOfFirst = Gregorian.weekday(ofDay: Gregorian.day(year: year, month: month, day: 1))
        // The week's seven bits, repeated nine times, from the weekday of the 1st on.
        let weeks = ((weekdays &* 0x0102_0408_1020_4081) &>> UInt64(weekdayOfFirst)) &<< 1
        let days = needsBothDays ? daysOfMonth & weeks : daysOfMonth | weeks
        let length = Gregorian.length(ofMonth: month, in: year)
        return days & ((1 &<< UInt64(length + 1)) - 2)
    }

    private var firstMinuteOfDay: Int64 {
        Int64(hours.trailingZeroBitCount * 60 + minutes.trailingZeroBitCount)
    }

    /// The first matching minute of a day (0-1439) from `from` on.
    private func minuteOfDay(from: Int) -> Int? {
        let hour = from / 60
        if hours &>> UInt64(hour) & 1 == 1 {
            let rest = minutes &>> UInt64(from - hour * 60)
            if rest != 0 { return from + rest.trailingZeroBitCount }
        }
        let later = hours & (~0 &<< UInt64(hour + 1))
        return later == 0 ? nil : later.trailingZeroBitCount * 60 + minutes.trailingZeroBitCount
    }
}
