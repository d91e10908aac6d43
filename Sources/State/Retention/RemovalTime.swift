import Values

/// By what time something is old enough to be removed. A clock may be wrong for a while, and what was removed by it does not
/// come back when it is set right (fault D82).
///
/// A process trusts its clock no further than a day beyond what the state recorded last, and from then on as far as time
/// passed by a clock that nobody sets. What the wall clock says beyond that counts once both have agreed for a day: a
/// machine that was off for months removes what is old a day later, and a leap that is put right within a day nothing.
package struct RemovalTime: Sendable {
    /// Years outside of which a clock cannot be right: nothing is removed then.
    package static let years = Instant(seconds: 1_577_836_800)..<Instant(seconds: 4_102_444_800)

    private static let margin = Duration.seconds(24 * 3_600)
    /// A clock that is corrected by less has not leapt.
    private static let tolerance = Duration.seconds(3_600)

    private struct Look {
        var now: Instant
        var steady: Duration
    }

    private var trusted: Look?
    /// What was recorded last before the first look.
    private var recorded: Look?
    /// The time that it is at least: what passed since the state recorded anything before this process, or what both clocks
    /// have agreed on for a day. What is later by this may be ahead of the clock; nil where nothing is to be removed.
    package private(set) var certain: Instant?
    private var last: Look?
    /// Since when both clocks agree, by the one that nobody sets.
    private var agreedSince = Duration.zero

    package init() {}

    /// - Parameters:
    ///   - now: the wall clock
    ///   - steady: time that has passed by a clock that nobody sets
    ///   - newest: when something was recorded last; asked at the first time
    /// - Returns: `nil` where nothing is to be removed
    package mutating func time(
        _ now: Instant, steady: Duration, newest: () throws(StateError) -> Instant?
    ) throws(StateError) -> Instant? {
        let time = try trust(now, steady: steady, newest: newest)
        let least = recorded.map { $0.now.advanced(by: steady - $0.steady) }
        certain = time.map { min($0, least ?? $0) }
        return time
    }

    private mutating func trust(
        _ now: Instant, steady: Duration, newest: () throws(StateError) -> Instant?
    ) throws(StateError) -> Instant? {
        let look = Look(now: now, steady: steady)
        defer { last = look }
        guard let before = last, let known = trusted else {
            let newest = try newest()
            recorded = newest.map { Look(now: $0, steady: steady) }
            let first = newest.map { min(now, $0.advanced(by: Self.margin)) } ?? now
            trusted = Look(now: first, steady: steady)
            agreedSince = steady
            return Self.years.contains(now) ? first : nil
        }
        let leap = now.duration(since: before.now) - (steady - before.steady)
        if abs(leap) > Self.tolerance || !Self.years.contains(now) { agreedSince = steady }
        guard Self.years.contains(now) else { return nil }
        guard steady - agreedSince < Self.margin else {
            trusted = look
            recorded = nil
            return now
        }
        return min(now, known.now.advanced(by: steady - known.steady))
    }

    private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
}

extension StateReader {
    /// When the last event, run or revision was recorded, by the clock as it was then.
    package func newestRecord() throws(StateError) -> Instant? {
        try read("looking for what was recorded last") { db in
            let row = try db.row(
                """
                SELECT max(at) AS at FROM (
                    SELECT (SELECT received_at FROM event ORDER BY seq DESC LIMIT 1) AS at
                    UNION ALL SELECT (SELECT created_at FROM run ORDER BY seq DESC LIMIT 1)
                    UNION ALL SELECT (SELECT created_at FROM revision ORDER BY number DESC LIMIT 1))
                """)
            return try row?.get("at")
        }
    }
}
