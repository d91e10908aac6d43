/// Day numbers and dates of the proleptic Gregorian calendar. Day 0 is 1970-01-01, a Thursday.
///
/// Arguments far outside of what an `Instant` can hold are clamped, so that no input overflows.
package enum Gregorian {
    /// Seconds in a day without a change of the clock.
    package static let secondsInDay: Int64 = 86_400
    /// Seconds in the 400 years after which the calendar, weekdays included, repeats.
    package static let secondsInCycle: Int64 = 146_097 * secondsInDay

    private static let dayBound: Int64 = 1_000_000_000_000_000
    private static let yearBound = 1_000_000_000_000

    /// `value / divisor` rounded down; `divisor` is positive.
    @inline(__always)
    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    /// Whether `year` has a 29th of February.
    @inline(__always)
    package static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// Days in `month` (1-12) of `year`; any other month counts as one of 31 days.
    @inline(__always)
    package static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The weekday of a day number, 0 = Sunday to 6 = Saturday.
    @inline(__always)
    package static func weekday(ofDay day: Int64) -> Int {
        let remainder = Int((day % 7 + 4) % 7)
        return remainder < 0 ? remainder + 7 : remainder
    }

    /// The day number of a date.
    ///
    /// Years are counted from March here: the leap day comes last, and the lengths of the months follow one line.
    package static func day(year: Int, month: Int, day: Int) -> Int64 {
        let year = min(max(year, -yearBound), yearBound)
        let month = min(max(month, 1), 12)
        let day = min(max(day, 1), 31)
        let marchYear = Int64(month > 2 ? year : year - 1)
        let cycle = floorDivide(marchYear, 400)
        let yearOfCycle = marchYear - cycle * 400
        let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * 146_097 + dayOfCycle - 719_468
    }

    /// The date of a day number.
    @inline(__always)
    package static func date(ofDay day: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = min(max(day, -dayBound), dayBound) + 719_468
        let cycle = floorDivide(shifted, 146_097)
        let dayOfCycle = shifted - cycle * 146_097
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(dayOfMonth))
    }
}
