extension CronExpression {
    /// When this fires next, strictly after an instant; nil if not before the year 10000.
    ///
    /// Where the clock is set forward or back, Debian's rule holds. A job with `*` at the start of its minute or its
    /// hour follows the clock on the wall: it skips what the clock skips and repeats what the clock repeats. Any other
    /// job fires once: right after the jump if that went over its time, and at the first of two passes. Changes of
    /// more than three hours are corrections: nothing is made up for, and nothing is held back.
    package func next(after: Instant, in zone: Zone) -> Instant? {
        let seconds = max(after.seconds, Instant.writable.lowerBound - 1)
        guard seconds < Instant.writable.upperBound else { return nil }
        guard let next = next(after: seconds, on: zone.timeline), next <= Instant.writable.upperBound else {
            return nil
        }
        return Instant(seconds: next)
    }

    /// Walks the segments of the zone's clock. In each, `found` is the first match on the wall from `from` on.
    private func next(after seconds: Int64, on timeline: ZoneTimeline) -> Int64? {
        var (place, shift) = timeline.folded(seconds)
        var segment = timeline.segment(at: place)
        var from = Gregorian.floorDivide(place + timeline.offsets[segment], 60) + 1
        if isFixed { from = max(from, Self.minute(notBefore: timeline.highWater[segment])) }
        guard var found = firstLocalMinute(from: from) else { return nil }
        while true {
            let candidate = found * 60 - timeline.offsets[segment]
            if candidate < timeline.end(of: segment) { return candidate + shift }

            segment += 1
            let unfolded = timeline.starts[segment]
            guard unfolded + shift <= Instant.writable.upperBound else { return nil }
            let folded = timeline.folded(unfolded)
            if folded.shift != 0 {
                // The layout ends here; 400 years earlier everything is the same.
                segment = timeline.segment(at: folded.seconds)
                shift += folded.shift
                found -= folded.shift / 60
                from -= folded.shift / 60
            }
            place = timeline.starts[segment]
            let localStart = place + timeline.offsets[segment]
            let wanted = Self.minute(notBefore: isFixed ? timeline.highWater[segment] : localStart)
            if wanted < from || wanted > found {
                guard let match = firstLocalMinute(from: wanted) else { return nil }
                found = match
            }
            from = wanted
            if found * 60 < localStart { return place + shift }
        }
    }

    /// The first full minute on the wall at or after a second.
    private static func minute(notBefore localSeconds: Int64) -> Int64 {
        Gregorian.floorDivide(localSeconds + 59, 60)
    }
}
