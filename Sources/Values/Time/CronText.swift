/// Small helpers for reading the text of a cron expression.
enum CronText {
    /// Longer than any expression in use; what is longer is refused unread.
    static let maximumLength = 256

    /// A whole number of 1 to 9 ASCII digits.
    static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nil
        }
        return Int(text)
    }

    /// Text from outside made fit for a message: printable ASCII, at most 40 characters.
    static func shown(_ text: some StringProtocol) -> String {
        let bytes = text.utf8.prefix(40).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
        return String(decoding: bytes, as: UTF8.self) + (text.utf8.count > 40 ? "..." : "")
    }

    /// What to write in the place of a sign that only other crons have (Quartz, Spring, AWS); `term` in lower case.
    static func foreignSign(in term: String) -> String? {
        if term.contains("?") { return "write * in the place of `?`" }
        if term.contains("#") {
            return "the nth weekday of a month cannot be said; use a range of days such as 1-7, or every such weekday"
        }
        let digits = term.drop { $0.isNumber }
        if digits == "l" || digits.hasPrefix("l-") || digits == "lw" {
            return "there is no `L` (last day); use 28 for a day that every month has, or 1 for the day after the last"
        }
        if digits == "w" { return "there is no `W` (nearest weekday); list the days or use a range of weekdays" }
        return nil
    }
}
