/// Five fields that say when: minute, hour, day of month, month, day of week. The dialect is Debian cron's.
///
/// Lists, ranges and steps; names of months and weekdays in any case; 0 and 7 are Sunday; `@yearly`, `@annually`,
/// `@monthly`, `@weekly`, `@daily`, `@midnight` and `@hourly`. If a day field starts with `*` (`*/2` does), both must
/// match; otherwise either is enough.
package struct CronExpression: Hashable, Sendable {
    /// The expression as it was written.
    package let text: String

    /// Bit n for number n; Sunday is bit 0.
    let minutes: UInt64
    let hours: UInt64
    let daysOfMonth: UInt64
    let months: UInt64
    let weekdays: UInt64
    let needsBothDays: Bool
    /// Neither minute nor hour starts with `*`: such a job is meant for a time of day, so that it runs once when the
    /// clock passes that time twice, and right after the jump when the clock jumps over it.
    let isFixed: Bool

    /// Reads an expression; an error for one that is not understood or can never fire (`0 0 31 2 *`).
    package init(_ text: String) throws(CronError) {
        guard text.utf8.count <= CronText.maximumLength else {
            throw CronError(message: "a cron expression has at most \(CronText.maximumLength) characters")
        }
        let words = try Self.words(of: text)
        guard words.count == CronField.allCases.count else { throw Self.wrongCount(words.count) }

        func mask(_ field: CronField) throws(CronError) -> UInt64 {
            try field.mask(of: words[field.rawValue])
        }
        func isStar(_ field: CronField) -> Bool {
            words[field.rawValue].hasPrefix("*")
        }
        self.text = text
        minutes = try mask(.minute)
        hours = try mask(.hour)
        daysOfMonth = try mask(.dayOfMonth)
        months = try mask(.month)
        weekdays = try mask(.dayOfWeek)
        needsBothDays = isStar(.dayOfMonth) || isStar(.dayOfWeek)
        isFixed = !isStar(.minute) && !isStar(.hour)
        guard firstLocalMinute(from: 0) != nil else {
            throw CronError(
                message: "this never fires: no such month has such a day; correct the day of month or the month",
                field: CronField.dayOfMonth.name)
        }
    }

    /// What the short names stand for (crontab(5)).
    private static let shortNames = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    private static func words(of text: String) throws(CronError) -> [Substring] {
        let words = split(text)
        guard let first = words.first else {
            throw CronError(message: "this is empty: write five fields, such as `0 9 * * mon-fri`")
        }
        let name = first.lowercased()
        if name.hasPrefix("tz=") || name.hasPrefix("cron_tz=") {
            throw CronError(
                message: "a time zone does not belong into the expression: remove `\(CronText.shown(first))` and "
                    + "name the zone in `timeZone`")
        }
        guard name.hasPrefix("@") else { return words }
        if name == "@reboot" {
            throw CronError(message: "`@reboot` is not a time: write five fields or one of \(listOfShortNames)")
        }
        if name == "@every" {
            throw CronError(
                message: "`@every` is not part of cron: write a step, such as `*/5 * * * *` for every five minutes "
                    + "or `0 */2 * * *` for every two hours")
        }
        guard words.count == 1, let expression = shortNames[name] else {
            throw CronError(
                message: "`\(CronText.shown(text))` is not understood: write five fields or one of \(listOfShortNames)")
        }
        return split(expression)
    }

    private static let listOfShortNames = "@yearly, @monthly, @weekly, @daily, @hourly"

    private static func split(_ text: String) -> [Substring] {
        text.split { $0 == " " || $0 == "\t" || $0.isNewline }
    }

    private static func wrongCount(_ count: Int) -> CronError {
        let names = "minute, hour, day of month, month, day of week"
        if count == 6 || count == 7 {
            return CronError(
                message: "this has \(count) fields where five are in order (\(names)): remove the seconds"
                    + (count == 7 ? " and the year" : "") + ", a schedule fires at most once a minute")
        }
        let fields = count == 1 ? "1 field" : "\(count) fields"
        return CronError(message: "this has \(fields) where five are in order: \(names)")
    }
}

extension CronExpression: CustomStringConvertible {
    package var description: String { text }
}
