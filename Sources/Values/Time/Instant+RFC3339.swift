extension Instant {
    /// Reads a `date-time` of RFC 3339 section 5.6, and nothing else: a date, `T`, a time to the second, an optional
    /// fraction (kept to the millisecond, the rest is cut off) and `Z` or an offset from -23:59 to +23:59.
    ///
    /// Nil for years outside 0001-9999, days that do not exist and leap seconds (`:60`).
    package init?(rfc3339 text: some StringProtocol) {
        var reader = RFC3339Reader(bytes: text.utf8.makeIterator())
        guard let year = reader.number(digits: 4), year >= 1, reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2), reader.skip("T", or: "t"),
            let hour = reader.number(digits: 2), reader.skip(":"),
            let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2),
            let civil = CivilTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second),
            let fraction = reader.fraction(),
            let offset = reader.offset(),
            reader.isAtEnd
        else { return nil }
        // Four digits of year: far from the ends of Int64.
        self.init(milliseconds: (civil.localSeconds - Int64(offset)) * 1_000 + Int64(fraction))
    }

    /// RFC 3339 in UTC, with `Z`: `2026-03-08T07:30:00Z`; milliseconds only where they are not zero.
    ///
    /// Instants outside of the years 0001-9999, which RFC 3339 cannot write, give the nearest that it can.
    package var rfc3339: String {
        formatted(offsetSeconds: 0, designator: "Z")
    }

    /// RFC 3339 with the offset that `zone` has at this instant: `2026-03-08T03:30:00-04:00`.
    ///
    /// An offset with seconds (local mean time) is cut to its minute and the time shown goes with it, so that the
    /// text always names this very instant. The range is that of `rfc3339`.
    package func rfc3339(in zone: Zone) -> String {
        let minutes = zone.offset(at: self) / 60
        let size = abs(minutes)
        let designator = (minutes < 0 ? "-" : "+") + Self.padded(size / 60, 2) + ":" + Self.padded(size % 60, 2)
        return formatted(offsetSeconds: minutes * 60, designator: designator)
    }

    /// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds.
    static let writable: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    private func formatted(offsetSeconds: Int, designator: String) -> String {
        let local = seconds.addingReportingOverflow(Int64(offsetSeconds)).partialValue
        let clamped = min(max(local, Self.writable.lowerBound), Self.writable.upperBound)
        let time = CivilTime(localSeconds: clamped)
        let fraction = clamped == local ? Int(milliseconds - seconds * 1_000) : 0
        return Self.padded(time.year, 4) + "-" + Self.padded(time.month, 2) + "-" + Self.padded(time.day, 2)
            + "T" + Self.padded(time.hour, 2) + ":" + Self.padded(time.minute, 2) + ":" + Self.padded(time.second, 2)
            + (fraction == 0 ? "" : "." + Self.padded(fraction, 3)) + designator
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// Reads the parts of an RFC 3339 text, byte by byte.
private struct RFC3339Reader<Bytes: IteratorProtocol<UInt8>> {
    private var bytes: Bytes
    private var current: UInt8?

    init(bytes: Bytes) {
        self.bytes = bytes
        current = self.bytes.next()
    }

    var isAtEnd: Bool { current == nil }

    mutating func skip(_ character: Unicode.Scalar, or other: Unicode.Scalar? = nil) -> Bool {
        guard let byte = current, Unicode.Scalar(byte) == character || Unicode.Scalar(byte) == other else {
            return false
        }
        current = bytes.next()
        return true
    }

    private mutating func digit() -> Int? {
        guard let byte = current, byte >= 0x30, byte <= 0x39 else { return nil }
        current = bytes.next()
        return Int(byte - 0x30)
    }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// Milliseconds of the fraction, 0 where there is none, nil where the point has no digit after it.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        guard let first = digit() else { return nil }
        var value = first * 100
        var place = 10
        while let next = digit() {
            value += next * place
            place /= 10
        }
        return value
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int? {
        if skip("Z", or: "z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), hours <= 23, skip(":"),
            let minutes = number(digits: 2), minutes <= 59
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
