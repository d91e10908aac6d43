import Values

/// The wall clock beside one that nobody sets: tells when it was set while this process ran.
struct ClockWatch {
    /// From one time to another without the time passing.
    struct Leap {
        let from: Instant
        let to: Instant
    }

    private var seen: (now: Instant, steady: Duration)?
    private var leap: Leap?

    /// Less is nothing but a clock that is corrected a little, or two that are not read at once.
    private static let tolerance = Duration.seconds(60)

    /// Notes the time. False where the clock was set back since.
    mutating func see(_ now: Instant, steady: Duration) -> Bool {
        defer { seen = (now, steady) }
        guard let seen else { return true }
        guard now >= seen.now else { return false }
        if now.duration(since: seen.now) - (steady - seen.steady) > Self.tolerance {
            // Of several, what the first one left.
            let from = leap.flatMap { $0.from <= seen.now && seen.now <= $0.to ? $0.from : nil } ?? seen.now
            leap = Leap(from: from, to: now)
        }
        return true
    }

    /// The leap that is undone by a clock that says `now`.
    mutating func undone(by now: Instant) -> Leap? {
        guard let last = leap, last.from <= now, now < last.to else { return nil }
        leap = nil
        return last
    }
}
