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
/// A decision moves the cursor forward only, so that an instant is decided once whatever the clock does (fault E98).
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
        self.init(rule, cursor: cursor, now: now) { _ in [] }
    }

    /// - Parameter recorded: which of some instants are decided already, because they ran while the clock was ahead; asked
    ///   if there are any
    package init<Failure: Error>(
        _ rule: ScheduleRule, cursor: Instant, now: Instant, recorded: ([Instant]) throws(Failure) -> Set<Instant>
    ) throws(Failure) {
        var instants: [Instant] = []
        var next = rule.cron.next(after: cursor, in: rule.zone)
        while let instant = next, instant <= now, instants.count < Self.lookLimit {
            instants.append(instant)
            next = rule.cron.next(after: instant, in: rule.zone)
        }
        let hasMore = next.map { $0 <= now } ?? false
        let known = instants.isEmpty ? [] : try recorded(instants)
        let choice = Choice(rule, instants, known, hasMore: hasMore, now: now)
        let decided = choice.fires ?? choice.skipped.last?.last
        // What is known behind the last one needs no decision any more.
        let place = decided == choice.open.last ? instants.last : decided
        self.fires = choice.fires
        self.skipped = choice.skipped
        self.cursor = place ?? cursor
        self.isBehind = place != nil && (hasMore || place != instants.last)
        self.next = place == instants.last ? next : instants.first { $0 > (place ?? cursor) }
    }
}

/// Which of some instants fires, and which before it do not.
private struct Choice {
    var fires: Instant?
    var skipped: [ScheduleDecision.Skip] = []
    /// Those that are not decided yet.
    let open: [Instant]
    /// Those of them before which one is that was: a row for several in a row ends there.
    private let breaks: Set<Instant>

    init(_ rule: ScheduleRule, _ instants: [Instant], _ known: Set<Instant>, hasMore: Bool, now: Instant) {
        open = known.isEmpty ? instants : instants.filter { !known.contains($0) }
        breaks =
            known.isEmpty
            ? [] : Set(zip(instants, instants.dropFirst()).filter { known.contains($0.0) }.map(\.1))
        if let reason = rule.suspension {
            skip(open[...], reason)
            return
        }
        let punctual = now.advanced(by: .zero - ScheduleDecision.punctuality)
        let window = rule.catchUp == .none ? .zero : rule.catchUpWindow
        let since = min(now.advanced(by: .zero - window), punctual)
        let late = open.prefix { $0 < since }
        let current = open.dropFirst(late.count)
        skip(
            late,
            rule.catchUp == .none
                ? "missed; catchUp none" : "missed more than \(rule.catchUpWindow.manifestText) ago (catchUpWindow)")
        switch rule.catchUp {
        case .none, .latest:
            // Where the latest one ran already, that was it.
            let isFiring = !hasMore && open.last == instants.last
            skip(isFiring ? current.dropLast() : current, "missed; catchUp runs only the latest")
            if isFiring { fires = current.last }
        case .all:
            // Of more than are in view, only those too old are certain not to run.
            if hasMore, !late.isEmpty { return }
            let kept = current.suffix(ScheduleDecision.catchUpLimit)
            skip(
                current.dropLast(kept.count),
                "missed; catchUp all runs at most the last \(ScheduleDecision.catchUpLimit)")
            if !hasMore || skipped.isEmpty { fires = kept.first }
        }
    }

    private mutating func skip(_ instants: ArraySlice<Instant>, _ reason: String) {
        var rest = instants
        while !breaks.isEmpty, let end = rest.dropFirst().firstIndex(where: breaks.contains) {
            add(rest[..<end], reason)
            rest = rest[end...]
        }
        add(rest, reason)
    }

    private mutating func add(_ instants: ArraySlice<Instant>, _ reason: String) {
        guard let first = instants.first, let last = instants.last else { return }
        skipped.append(
            ScheduleDecision.Skip(since: first, last: last, count: instants.count, reason: reason))
    }
}
