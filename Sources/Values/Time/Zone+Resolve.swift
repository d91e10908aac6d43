extension Zone {
    /// The instants that a time on the wall stands for.
    package enum LocalResolution: Hashable, Sendable {
        /// The usual case.
        case unique(Instant)
        /// The clock jumped over this time. `before` is the jump itself, which is the first instant after the gap;
        /// `seconds` is how far the clock jumped.
        case gap(before: Instant, seconds: Int)
        /// The clock was set back and showed this time twice.
        case overlap(first: Instant, second: Instant)
    }

    /// The instants at which clocks in this zone show `local`. Of more than two, the first two.
    package func resolve(_ local: CivilTime) -> LocalResolution {
        let (wanted, shift) = timeline.folded(local.localSeconds)
        let reach = Int64(TZif.offsets.upperBound)
        var segment = timeline.segment(at: wanted - reach)
        var found: Instant?
        var gap: LocalResolution?
        while segment < timeline.starts.count, segment == 0 || timeline.starts[segment] <= wanted + reach {
            let offset = timeline.offsets[segment]
            let candidate = wanted - offset
            let end = timeline.end(of: segment)
            if candidate >= timeline.starts[segment], candidate < end {
                let instant = Instant(seconds: candidate + shift)
                if let found { return .overlap(first: found, second: instant) }
                found = instant
            } else if candidate >= end, gap == nil, segment + 1 < timeline.starts.count,
                wanted - timeline.offsets[segment + 1] < end
            {
                let length = Int(timeline.offsets[segment + 1] - offset)
                gap = .gap(before: Instant(seconds: end + shift), seconds: length)
            }
            segment += 1
        }
        if let found { return .unique(found) }
        return gap ?? .unique(Instant(seconds: local.localSeconds - timeline.offset(at: local.localSeconds)))
    }
}
