import Values

/// How long a receiver asks to be left alone.
package enum RetryAfter {
    /// From `retry-after-ms` (LLM providers) or `Retry-After`: seconds or a date (RFC 9110, section 10.2.3).
    /// `nil` where neither is there and readable; a date in the past is zero.
    package static func delay(_ headers: OutboundHeaders, now: Instant) -> Duration? {
        if let milliseconds = headers["retry-after-ms"].flatMap({ number($0) }) {
            return .milliseconds(milliseconds)
        }
        return headers["retry-after"].flatMap { delay($0, now: now) }
    }

    package static func delay(_ value: String, now: Instant) -> Duration? {
        if let seconds = number(value) { return .seconds(seconds) }
        guard let date = HTTPDate.instant(value) else { return nil }
        return max(date.duration(since: now), .zero)
    }

    /// A whole number; more than ten digits count as the largest of ten. A fraction is rounded up.
    private static func number(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isNumber = parts.allSatisfy { part in
            (1...100).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard isNumber, let whole = parts.first else { return nil }
        let digits = whole.drop { $0 == "0" }
        let value = digits.utf8.count > 10 ? 9_999_999_999 : Int64(digits) ?? 0
        let hasRest = parts.count == 2 && parts[1].contains { $0 != "0" }
        return hasRest ? value + 1 : value
    }
}
