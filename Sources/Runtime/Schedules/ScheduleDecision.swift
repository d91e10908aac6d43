import Spec
import Values

/// When a schedule fires and what becomes of instants that were missed.
package struct ScheduleRule: Sendable {
    package let cron: CronExpression
    package let zone: Zone
    package let catchUp: Trigger.Schedule.CatchUp
    package let catchUpWindow: Duration
    /// Why nothing of it runs now.
    package let suspension: String?

    package init(
        cron: CronExpression, zone: Zone, catchUp: Trigger.Schedule.CatchUp, catchUpWindow: Duration,
        suspension: String? = nil
    ) {
        self.cron = cron
        self.zone = zone
        self.catchUp = catchUp
        self.catchUpWindow = catchUpWindow
        self.suspension = suspension
    }
}

/// What is due of one schedule: a pure function of its cursor and the time.
///
/// The cursor only moves forward, so that an instant is decided once whatever the clock does (fault E98).
package struct ScheduleDecision: Sendable, Hashable {
    /// Instants in a row that do not run.
    package struct Skip: Sendable, Hashable {
        package let since: Instant
        package let last: Instant
        package let count: Int
        package let reason: String
    }

    package let fires: Instant?
    package let skipped: [Skip]
    /// Where the cursor comes to; unchanged if nothing is due.
    package let cursor: Instant
    /// Whether there is more to decide at once, from the new cursor.
    package let isBehind: Bool
    /// The first instant after the new cursor; `nil` if there is never one.
    package let next: Instant?

    /// Runs that `catchUp: all` makes of missed instants.
    package static let catchUpLimit = 1_000
    /// Instants looked at in one decision: 40 days of minutes are 29 decisions of a row each, not 57,600 runs. More than
    /// may be caught up, so that of a longer row the first ones in view are certainly not among the last.
    static let lookLimit = 2 * catchUpLimit
    /// An instant is missed when it is later than this; before, it is merely being fired.
    static let punctuality = Duration.seconds(30)

    package init(_ rule: ScheduleRule, cursor: Instant, now: Instant) {
        var instants: [Instant] = []
        var next = rule.cron.next(after: cursor, in: rule.zone)
        while let instant = next, instant <= now, instants.count < Self.lookLimit {
            instants.append(instant)
            next = rule.cron.next(after: instant, in: rule.zone)
        }
        let hasMore = next.map { $0 <= now } ?? false
        let choice = Choice(rule, instants, hasMore: hasMore, now: now)
        let decided = choice.fires ?? choice.skipped.last?.last
        self.fires = choice.fires
        self.skipped = choice.skipped
        self.cursor = decided ?? cursor
        self.isBehind = decided != nil && (hasMore || decided != instants.last)
        self.next = decided == instants.last ? next : instants.first { $0 > (decided ?? cursor) }
    }
}

/// Which of some instants fires, and which before it do not.
private struct Choice {
    var fires: Instant?
    var skipped: [ScheduleDecision.Skip] = []

    init(_ rule: ScheduleRule, _ instants: [Instant], hasMore: Bool, now: Instant) {
        if let reason = rule.suspension {
            skip(instants[...], reason)
            return
        }
        let punctual = now.advanced(by: .zero - ScheduleDecision.punctuality)
        let window = rule.catchUp == .none ? .zero : rule.catchUpWindow
        let since = min(now.advanced(by: .zero - window), punctual)
        let late = instants.prefix { $0 < since }
        let current = instants.dropFirst(late.count)
        skip(
            late,
            rule.catchUp == .none
                ? "missed; catchUp none" : "missed more than \(rule.catchUpWindow.manifestText) ago (catchUpWindow)")
        switch rule.catchUp {
        case .none, .latest:
            skip(hasMore ? current : current.dropLast(), "missed; catchUp runs only the latest")
            if !hasMore { fires = current.last }
        case .all:
            // Of more than are in view, only those too old are certain not to run.
            if hasMore, !late.isEmpty { return }
            let kept = current.suffix(ScheduleDecision.catchUpLimit)
            skip(
                current.dropLast(kept.count),
                "missed; catchUp all runs at most the last \(ScheduleDecision.catchUpLimit)")
            if !hasMore { fires = kept.first }
        }
    }

    private mutating func skip(_ instants: ArraySlice<Instant>, _ reason: String) {
        guard let first = instants.first, let last = instants.last else { return }
        skipped.append(
            ScheduleDecision.Skip(since: first, last: last, count: instants.count, reason: reason))
    }
}
