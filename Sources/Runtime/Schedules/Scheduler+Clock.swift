import Logging
import State
import Values

/// What a clock that was set back means for schedules: the rules of Debian's cron.
extension Scheduler {
    /// Changes of the clock beyond this put it right: schedules follow it. Below, what ran does not run again.
    package static let correction = Duration.seconds(3 * 3_600)
    /// Nobody has to be told of less.
    private static let tolerance = Duration.seconds(60)

    package static func senseless(_ now: Instant) -> String {
        "the clock says \(now.rfc3339), which cannot be: schedules wait until it is set"
    }

    /// Looks whether schedules have come further than the clock. Returns until when they stand still then.
    func heedClock(_ now: Instant, _ watch: inout ClockWatch) async throws(StateError) -> Instant? {
        guard let furthest = try store.reader.furthestPlace(),
            furthest.instant.duration(since: now) > Self.tolerance
        else {
            _ = try tell(nil, at: now)
            return nil
        }
        guard furthest.instant.duration(since: now) > Self.correction else {
            let message =
                "the clock was set back to \(now.rfc3339): schedules have come to \(furthest.instant.rfc3339) and go on"
                + " from there, so that nothing runs twice"
            if try tell(message, at: now) { logger.warning("\(message)") }
            return furthest.instant
        }
        var count = 0
        let leap = watch.undone(by: now)
        // The same each time, so that a clock that is set again and again makes no reason longer.
        let note = "the clock was set back after this was recorded"
        while !Task.isCancelled,
            case let moved = try store.followClock(to: now, since: leap?.from, note: note), moved > 0
        {
            count += moved
            await Task.yield()
        }
        let message =
            "the clock was set back from \(furthest.instant.rfc3339) or later to \(now.rfc3339): \(count)"
            + " \(count == 1 ? "schedule goes" : "schedules go") on by the new time, without what ran ahead of it"
        logger.warning("\(message)")
        _ = try tell(message, at: now)
        _ = try tell(nil, at: now)
        return nil
    }

    func tellSenseless(_ now: Instant) throws(StateError) {
        let message = Self.senseless(now)
        logger.warning("\(message)")
        do {
            _ = try tell(message, at: now)
        } catch {
            // What may pass is told again soon.
            guard error.isTransient else { throw error }
        }
    }

    /// Records what there is to say of the clock; `nil` for nothing. Returns whether that is new.
    func tell(_ message: String?, at now: Instant) throws(StateError) -> Bool {
        let told = try store.reader.alarms().first { $0.name == .clock && $0.endedAt == nil }?.message
        guard told != message else { return false }
        if told != nil { try store.end(.clock, at: now) }
        if let message { try store.raise(.clock, message, at: now) }
        return true
    }
}
