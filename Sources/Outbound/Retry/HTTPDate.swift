import Values

/// The dates of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT` and the two older forms that must be read (RFC 9110, section
/// 5.6.7).
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `nil` for anything else. The weekday is not looked at.
    package static func instant(_ text: String) -> Instant? {
        guard text.utf8.count <= 40 else { return nil }
        let words = text.split(separator: " ")
        if words.count == 6, words[0].hasSuffix(","), words[5] == "GMT" {
            return instant(year: words[3], month: words[2], day: words[1], time: words[4])
        }
        if words.count == 4, words[0].hasSuffix(","), words[3] == "GMT" {
            // Sunday, 06-Nov-94 08:49:37 GMT
            let date = words[1].split(separator: "-")
            guard date.count == 3, let year = number(date[2], digits: 2...2) else { return nil }
            return instant(
                year: "\(year < 70 ? 2000 + year : 1900 + year)", month: date[1], day: date[0], time: words[2])
        }
        if words.count == 5 {
            // Sun Nov  6 08:49:37 1994
            return instant(year: words[4], month: words[1], day: words[2], time: words[3])
        }
        return nil
    }

    private static func instant(year: Substring, month: Substring, day: Substring, time: Substring) -> Instant? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3,
            let year = number(year, digits: 4...4), let day = number(day, digits: 1...2),
            let month = months.firstIndex(of: String(month)),
            let hour = number(clock[0], digits: 2...2), let minute = number(clock[1], digits: 2...2),
            let second = number(clock[2], digits: 2...2),
            // A leap second counts as the one before it.
            let civil = CivilTime(
                year: year, month: month + 1, day: day, hour: hour, minute: minute, second: min(second, 59))
        else { return nil }
        return Instant(seconds: civil.localSeconds)
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
