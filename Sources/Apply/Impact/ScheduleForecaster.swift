import Spec
import State
import Values

/// Compares when schedules fire before and after a plan.
struct ScheduleForecaster {
    /// Firings that are looked at for the counts of one plan, both sides together: a week of 50 schedules that fire
    /// every minute.
    private static let budget = 1_000_000
    private static let shown = 5
    private static let window = Duration.seconds(7 * 86_400)

    private let zones: ZoneDatabase
    private let asOf: Instant

    init(zones: ZoneDatabase, asOf: Instant) {
        self.zones = zones
        self.asOf = asOf
    }

    private struct Change {
        let change: PlannedChange
        let old: Trigger.Schedule?
        let new: Trigger.Schedule?
        let before: ScheduleImpact.Timing?
        let after: ScheduleImpact.Timing?
        let runsInFlight: Int
    }

    /// Changes that are looked at in one go.
    private static let piece = 256

    /// In order of the changes.
    ///
    /// - Parameter spread: how schedules are looked at at the same time
    func impacts(
        of changes: [PlannedChange], _ recorded: RecordedFacts, spread: Spread = .here
    ) -> [ScheduleImpact] {
        let triggers = changes.filter { $0.id.kind == .trigger }
        let changed = spread.map(triggers[...], by: Self.piece) { $0.compactMap { self.change($0, recorded) } }
        var budget = Self.budget
        let former = Renames(changes).former
        return changed.joined().map { item in
            let counts = self.counts(item.old, item.new, &budget)
            let (old, new, change) = (item.old, item.new, item.change)
            return ScheduleImpact(
                trigger: (change.after ?? change.before)?.id.name ?? change.id.name,
                before: item.before, after: item.after, gained: counts?.gained, lost: counts?.lost,
                catchUpRuns: old == new ? 0 : change.after.flatMap { recorded.catchUpRuns[$0.id.name] } ?? 0,
                runsInFlight: item.runsInFlight,
                suspension: change.after.flatMap { suspension(of: $0, former, recorded) })
        }
    }

    /// Nil where nothing of it is worth a word.
    private func change(_ change: PlannedChange, _ recorded: RecordedFacts) -> Change? {
        let inFlight = change.before.flatMap { recorded.runsInFlight[$0.id.name] } ?? 0
        let old = change.before?.activeSchedule
        let new = change.after?.activeSchedule
        guard old != nil || new != nil, old != new || inFlight > 0 else { return nil }
        return Change(
            change: change, old: old, new: new, before: old.map(timing), after: new.map(timing),
            runsInFlight: inFlight)
    }

    /// That a trigger, or what it runs, is suspended by hand.
    private func suspension(
        of trigger: Resource, _ former: [ResourceID: ResourceID], _ recorded: RecordedFacts
    ) -> HandSuspension? {
        guard !recorded.suspensions.isEmpty else { return nil }
        let ids = [trigger.id, trigger.target].compactMap(\.self)
        return ids.lazy.compactMap { recorded.suspensions[former[$0] ?? $0] }.first
    }

    private func timing(_ schedule: Trigger.Schedule) -> ScheduleImpact.Timing {
        ScheduleImpact.Timing(
            cron: schedule.cron.text, timeZone: schedule.timeZone.identifier, next: next(schedule))
    }

    private func next(_ schedule: Trigger.Schedule) -> [ScheduleImpact.Firing] {
        guard let zone = try? zones.zone(named: schedule.timeZone.identifier) else { return [] }
        var firings: [ScheduleImpact.Firing] = []
        var last = asOf
        while firings.count < Self.shown, let next = schedule.cron.next(after: last, in: zone) {
            firings.append(
                ScheduleImpact.Firing(
                    instant: next, local: next.rfc3339(in: zone),
                    clockChange: zone.offset(at: next) - zone.offset(at: last)))
            last = next
        }
        return firings
    }

    /// Walks both schedules side by side; nil once the budget is spent.
    private func counts(
        _ before: Trigger.Schedule?, _ after: Trigger.Schedule?, _ budget: inout Int
    ) -> (gained: Int, lost: Int)? {
        if let before, let after, before.timingDigest == after.timingDigest { return (0, 0) }
        var old = Firings(before, zones, from: asOf, to: asOf.advanced(by: Self.window))
        var new = Firings(after, zones, from: asOf, to: asOf.advanced(by: Self.window))
        var (gained, lost) = (0, 0)
        while old.current != nil || new.current != nil {
            guard budget > 0 else { return nil }
            budget -= 1
            switch (old.current, new.current) {
            case (let one?, let other?) where one == other:
                old.advance()
                new.advance()
            case (let one?, let other) where other.map({ one < $0 }) ?? true:
                lost += 1
                old.advance()
            default:
                gained += 1
                new.advance()
            }
        }
        return (gained, lost)
    }

    /// The instants of a schedule up to an end.
    private struct Firings {
        private(set) var current: Instant?
        private let cron: CronExpression?
        private let zone: Zone?
        private let end: Instant

        init(_ schedule: Trigger.Schedule?, _ zones: ZoneDatabase, from start: Instant, to end: Instant) {
            cron = schedule?.cron
            zone = schedule.flatMap { try? zones.zone(named: $0.timeZone.identifier) }
            self.end = end
            current = start
            advance()
        }

        mutating func advance() {
            guard let cron, let zone, let instant = current, let next = cron.next(after: instant, in: zone),
                next <= end
            else {
                current = nil
                return
            }
            current = next
        }
    }
}
