import Values

/// Words and numbers for people.
enum HumanText {
    /// `12 s`, `3 min`, `2 h 5 min`, `4 d`
    static func span(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.milliseconds)
        let seconds = milliseconds / 1_000
        switch seconds {
        case 0: return "\(milliseconds) ms"
        case 1..<10: return "\(seconds).\(milliseconds % 1_000 / 100) s"
        case 10..<60: return "\(seconds) s"
        case 60..<3_600: return "\(seconds / 60) min"
        case 3_600..<86_400:
            let minutes = seconds % 3_600 / 60
            return minutes == 0 ? "\(seconds / 3_600) h" : "\(seconds / 3_600) h \(minutes) min"
        default: return "\(seconds / 86_400) d"
        }
    }

    /// `just now`, `3 min ago`, `in 5 s`
    static func relative(_ instant: Instant, to now: Instant) -> String {
        let difference = now.duration(since: instant)
        if difference < .zero { return "in " + rounded(instant.duration(since: now)) }
        return difference < .seconds(2) ? "just now" : rounded(difference) + " ago"
    }

    private static func rounded(_ duration: Duration) -> String {
        duration < .seconds(60) ? "\(max(1, duration.milliseconds / 1_000)) s" : span(duration)
    }

    /// With a capital letter, and with a full stop where it does not end as a sentence.
    static func sentence(_ text: String) -> String {
        guard let first = text.first, let last = text.last else { return "" }
        let text = first.uppercased() + text.dropFirst()
        return ".!?…".contains(last) ? text : text + "."
    }

    /// `12,345`
    static func count(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `1 run`, `2 runs`
    static func count(_ number: Int, _ singular: String, _ plural: String) -> String {
        "\(count(number)) \(number == 1 ? singular : plural)"
    }

    /// The beginning of a text in one line.
    static func beginning(_ text: String, _ limit: Int = 160) -> String {
        let start = text.prefix(limit * 4)
        let line = start.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let isCut = line.count > limit || start.endIndex != text.endIndex
        return isCut ? line.prefix(limit) + "…" : line
    }

    /// At most so much of a text, and how much more there is.
    static func capped(_ text: String, _ limit: Int = 64 << 10) -> String {
        guard text.utf8.count > limit else { return text }
        let start = text.prefix(limit)
        return "\(start)\n… and \(count(text.utf8.count - start.utf8.count)) bytes more"
    }
}
