/// A zone laid out in time: segments of one local time type each, in order, from the beginning to the end of time.
///
/// A yearly rule is laid out for 400 years after the file's last transition. The calendar repeats after 400 years,
/// so that later instants are looked up 400 years earlier. One binary search answers everything.
struct ZoneTimeline: Sendable {
    /// Where each segment begins, in seconds since 1970; the first one at `Int64.min`.
    private(set) var starts: [Int64] = []
    /// Seconds east of UTC in each segment.
    private(set) var offsets: [Int64] = []
    /// The furthest that the wall clock had come, in local seconds, before each segment: below the segment's own
    /// start where the clock was set forward, above it where the clock was set back. Changes of more than
    /// `largestChange` count as none.
    private(set) var highWater: [Int64] = []
    private var typeIndexes: [UInt16] = []
    private var types: [TZif.LocalType]
    /// From here on (a new year), instants are looked up in the 400 years before.
    private var cycleEnd: Int64?

    /// One type for ever.
    init(type: TZif.LocalType) {
        types = [type]
        append(start: .min, type: 0)
    }

    init(_ file: TZif) {
        types = file.types
        // Before the first transition type 0 holds (RFC 9636 section 3.2).
        append(start: .min, type: 0)
        for transition in file.transitions {
            append(start: transition.start, type: transition.type)
        }
        if let rule = file.rule { append(rule, after: file.transitions.last?.start) }
    }

    private mutating func append(start: Int64, type: Int) {
        guard types.indices.contains(type) else { return }
        // Rules that meet at one instant leave no time between them: the later one holds.
        while starts.count > 1, let last = starts.last, last >= start {
            starts.removeLast()
            offsets.removeLast()
            highWater.removeLast()
            typeIndexes.removeLast()
        }
        if let last = typeIndexes.last, Int(last) == type { return }
        highWater.append(highWater(at: start, type: type))
        starts.append(start)
        offsets.append(Int64(types[type].offset))
        typeIndexes.append(UInt16(type))
    }

    /// Three hours, after Debian's cron: what changes a clock by more is a correction, such as Samoa's lost day.
    private static let largestChange: Int64 = 10_800

    private func highWater(at start: Int64, type: Int) -> Int64 {
        guard let before = offsets.last, let earlier = highWater.last else { return .min / 2 }
        let reached = max(earlier, start + before)
        let local = start + Int64(types[type].offset)
        return abs(local - reached) > Self.largestChange ? local : reached
    }

    private mutating func append(_ rule: PosixZoneRule, after last: Int64?) {
        let standard = index(of: rule.standard)
        guard let daylight = rule.daylight else {
            // No change to come: what the last transition began goes on, or is all there is.
            if last == nil { append(start: Self.ruleStart, type: standard) }
            return
        }
        let other = index(of: daylight.type)
        let floor = max(last ?? .min, Self.ruleStart)
        let firstYear = CivilTime(localSeconds: floor).year
        guard firstYear <= 3_000 else { return }
        if last == nil || floor != last { append(start: floor, type: standard) }
        for year in (firstYear - 1)...(firstYear + 402) {
            for change in rule.changes(in: year) where change.start > floor {
                append(start: change.start, type: change.beginsDaylight ? other : standard)
            }
        }
        cycleEnd = Gregorian.day(year: firstYear + 402, month: 1, day: 1) * Gregorian.secondsInDay
    }

    /// 1900-01-01: a rule without any transition before it is not carried further back.
    private static let ruleStart: Int64 = -2_208_988_800

    private mutating func index(of type: TZif.LocalType) -> Int {
        if let known = types.firstIndex(of: type) { return known }
        types.append(type)
        return types.count - 1
    }
}

extension ZoneTimeline {
    /// The segment that holds an instant before `cycleEnd`.
    @inline(__always)
    func segment(at seconds: Int64) -> Int {
        // The last segment whose start is not after `seconds`; the first one starts at `Int64.min`.
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= seconds { low = middle } else { high = middle }
        }
        return low
    }

    /// Where a segment ends: the start of the next one.
    @inline(__always)
    func end(of segment: Int) -> Int64 {
        segment + 1 < starts.count ? starts[segment + 1] : .max
    }

    /// An instant of the same place in the calendar's cycle, before `cycleEnd`, and how much earlier that is.
    func folded(_ seconds: Int64) -> (seconds: Int64, shift: Int64) {
        guard let cycleEnd, seconds >= cycleEnd else { return (seconds, 0) }
        // Safe: `cycleEnd` is after 1900, so the difference fits.
        let shift = ((seconds - cycleEnd) / Gregorian.secondsInCycle + 1) * Gregorian.secondsInCycle
        return (seconds - shift, shift)
    }

    func offset(at seconds: Int64) -> Int64 {
        offsets[segment(at: folded(seconds).seconds)]
    }

    func type(at seconds: Int64) -> TZif.LocalType {
        types[Int(typeIndexes[segment(at: folded(seconds).seconds)])]
    }

    /// The next start of a segment after an instant.
    func nextStart(after seconds: Int64) -> Int64? {
        let (place, shift) = folded(seconds)
        let next = segment(at: place) + 1
        guard next < starts.count else { return nil }
        let sum = starts[next].addingReportingOverflow(shift)
        return sum.overflow ? nil : sum.partialValue
    }
}
