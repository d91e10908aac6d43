/// A `TZ` string of POSIX, with the extensions of RFC 9636 section 3.3.1 (hours from -167 to 167): what a zone does
/// after the last transition of its file. `CET-1CEST,M3.5.0,M10.5.0/3`, `<+03>-3`.
struct PosixZoneRule {
    /// A yearly moment: a day, and seconds after its midnight on the clock that it ends.
    struct Moment: Hashable {
        enum Day: Hashable {
            /// `Jn`: 1-365, the 29th of February is never counted.
            case julian(Int)
            /// `n`: 0-365, the 29th of February is counted.
            case zeroBased(Int)
            /// `Mm.w.d`: weekday d (0 = Sunday) of week w (5 = the last one) of month m.
            case weekday(Int, week: Int, month: Int)
        }

        var day: Day
        var seconds: Int

        /// Seconds from 1970-01-01 00:00:00 to this moment of `year`, on the clock that it ends.
        func localSeconds(in year: Int) -> Int64 {
            let newYear = Gregorian.day(year: year, month: 1, day: 1)
            let number: Int64
            switch day {
            case .julian(let day):
                number = newYear + Int64(day - 1) + (Gregorian.isLeap(year) && day >= 60 ? 1 : 0)
            case .zeroBased(let day):
                number = newYear + Int64(day)
            case .weekday(let weekday, let week, let month):
                let first = Gregorian.day(year: year, month: month, day: 1)
                let toWeekday = (weekday - Gregorian.weekday(ofDay: first) + 7) % 7
                let dayOfMonth = toWeekday + (week - 1) * 7
                let isTooFar = dayOfMonth >= Gregorian.length(ofMonth: month, in: year)
                number = first + Int64(isTooFar ? dayOfMonth - 7 : dayOfMonth)
            }
            return number * Gregorian.secondsInDay + Int64(seconds)
        }
    }

    /// The other clock of the year; Dublin has it in winter.
    struct Daylight {
        var type: TZif.LocalType
        var start: Moment
        var end: Moment
    }

    var standard: TZif.LocalType
    var daylight: Daylight?

    /// The two changes of a year in order of time: when, in seconds since 1970, and whether daylight time begins.
    func changes(in year: Int) -> [(start: Int64, beginsDaylight: Bool)] {
        guard let daylight else { return [] }
        let start = daylight.start.localSeconds(in: year) - Int64(standard.offset)
        let end = daylight.end.localSeconds(in: year) - Int64(daylight.type.offset)
        return start < end ? [(start, true), (end, false)] : [(end, false), (start, true)]
    }
}

extension PosixZoneRule {
    /// Reads the text; an error if any of it is not understood.
    init(_ text: String) throws(ZoneError) {
        var reader = PosixRuleReader(text)
        guard let rule = reader.rule() else {
            let shown = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? " (\(text))" : ""
            throw ZoneError(message: "the rule at the end of its file\(shown) is not a POSIX TZ string")
        }
        self = rule
    }
}

private struct PosixRuleReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    mutating func rule() -> PosixZoneRule? {
        guard let name = name(), let offset = offset() else { return nil }
        let standard = TZif.LocalType(offset: offset, isDaylight: false, abbreviation: name)
        if rest.isEmpty { return PosixZoneRule(standard: standard, daylight: nil) }
        guard let daylightName = self.name() else { return nil }
        var daylightOffset = offset + 3_600
        if rest.first != UInt8(ascii: ",") {
            guard let given = self.offset() else { return nil }
            daylightOffset = given
        }
        guard TZif.offsets.contains(daylightOffset), skip(","), let start = moment(), skip(","), let end = moment(),
            rest.isEmpty
        else { return nil }
        let type = TZif.LocalType(offset: daylightOffset, isDaylight: true, abbreviation: daylightName)
        return PosixZoneRule(standard: standard, daylight: .init(type: type, start: start, end: end))
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, Unicode.Scalar(byte) == character else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Three letters or more, or anything alphanumeric with `+` and `-` in angle brackets.
    private mutating func name() -> String? {
        let isQuoted = skip("<")
        let bytes = rest.prefix { byte in
            let lower = byte | 0x20
            let isLetter = lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
            let isDigit = byte >= 0x30 && byte <= 0x39
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            return isLetter || isQuoted && (isDigit || isSign)
        }
        rest = rest.dropFirst(bytes.count)
        guard (3...32).contains(bytes.count), !isQuoted || skip(">") else { return nil }
        return String(Substring(bytes))
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard (1...3).contains(digits.count), let value = Int(Substring(digits)), range.contains(value) else {
            return nil
        }
        rest = rest.dropFirst(digits.count)
        return value
    }

    /// `hh[:mm[:ss]]` with an optional sign, in seconds.
    private mutating func time(maximumHours: Int) -> Int? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard let hours = number(0...maximumHours) else { return nil }
        var seconds = hours * 3_600
        if skip(":") {
            guard let minutes = number(0...59) else { return nil }
            seconds += minutes * 60
            if skip(":") {
                guard let more = number(0...59) else { return nil }
                seconds += more
            }
        }
        return isNegative ? -seconds : seconds
    }

    /// Seconds east; the text counts west.
    private mutating func offset() -> Int? {
        time(maximumHours: 24).map { -$0 }
    }

    private mutating func moment() -> PosixZoneRule.Moment? {
        let day: PosixZoneRule.Moment.Day
        if skip("J") {
            guard let number = number(1...365) else { return nil }
            day = .julian(number)
        } else if skip("M") {
            guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
                let weekday = number(0...6)
            else { return nil }
            day = .weekday(weekday, week: week, month: month)
        } else {
            guard let number = number(0...365) else { return nil }
            day = .zeroBased(number)
        }
        guard skip("/") else { return PosixZoneRule.Moment(day: day, seconds: 7_200) }
        return time(maximumHours: 167).map { PosixZoneRule.Moment(day: day, seconds: $0) }
    }
}
