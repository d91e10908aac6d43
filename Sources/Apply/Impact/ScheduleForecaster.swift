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

    private let declared: Catalog
    private let applied: Catalog
    private let graph: UseGraph
    private let zones: ZoneDatabase
    private let asOf: Instant

    /// - Parameters:
    ///   - declared: the catalog that the plan leads to
    ///   - applied: the catalog that it comes from
    ///   - graph: of `declared`
    init(declared: Catalog, applied: Catalog, _ graph: UseGraph, zones: ZoneDatabase, asOf: Instant) {
        self.declared = declared
        self.applied = applied
        self.graph = graph
        self.zones = zones
        self.asOf = asOf
    }

    /// A trigger as it is and as it would be.
    private struct Sides {
        let before: Resource?
        let after: Resource?
    }

    private struct Change {
        let sides: Sides
        let old: Trigger.Schedule?
        let new: Trigger.Schedule?
        let before: ScheduleImpact.Timing?
        let after: ScheduleImpact.Timing?
        /// What it runs, where the manifest of that suspends it.
        let wasSuspended: ResourceID?
        let isSuspended: ResourceID?
        let runsInFlight: Int
    }

    /// Changes that are looked at in one go.
    private static let piece = 256

    /// In order of the triggers' names.
    ///
    /// - Parameter spread: how schedules are looked at at the same time
    func impacts(
        of changes: [PlannedChange], _ recorded: RecordedFacts, spread: Spread = .here
    ) -> [ScheduleImpact] {
        let triggers = triggers(of: changes)
        let changed = spread.map(triggers[...], by: Self.piece) { $0.compactMap { self.change($0, recorded) } }
        var budget = Self.budget
        let former = Renames(changes).former
        return changed.joined().map { item in
            let (old, new, after) = (item.old, item.new, item.sides.after)
            // What runs nothing gains nothing, and has nothing to lose.
            let counts = self.counts(
                item.wasSuspended == nil ? old : nil, item.isSuspended == nil ? new : nil, &budget)
            let catchesUp = old != new && item.isSuspended == nil
            return ScheduleImpact(
                trigger: (after ?? item.sides.before)?.id.name ?? "",
                before: item.before, after: item.after, gained: counts?.gained, lost: counts?.lost,
                catchUpRuns: catchesUp ? after.flatMap { recorded.catchUpRuns[$0.id.name] } ?? 0 : 0,
                runsInFlight: item.runsInFlight, wasSuspended: item.wasSuspended, isSuspended: item.isSuspended,
                suspension: after.flatMap { suspension(of: $0, former, recorded) })
        }
    }

    /// Those that change, and those that stay as they are and run what is suspended from now on, or no longer.
    private func triggers(of changes: [PlannedChange]) -> [Sides] {
        let changed = changes.filter { $0.id.kind == .trigger }.map { Sides(before: $0.before, after: $0.after) }
        let turned = changes.filter { change in
            guard let before = change.before, let after = change.after else { return false }
            return [.agent, .tool].contains(after.id.kind) && before.isSuspended != after.isSuspended
        }
        let known = Set(changed.compactMap { $0.after?.id.name })
        let staying = graph.triggers(running: Set(turned.compactMap { $0.after?.id })).filter { !known.contains($0) }
            .compactMap { declared[Trigger.id($0)] }.map { Sides(before: applied[$0.id] ?? $0, after: $0) }
        guard !staying.isEmpty else { return changed }
        func name(_ sides: Sides) -> String { (sides.after ?? sides.before)?.id.name ?? "" }
        return (changed + staying).sorted { name($0) < name($1) }
    }

    /// Nil where nothing of it is worth a word.
    private func change(_ sides: Sides, _ recorded: RecordedFacts) -> Change? {
        let inFlight = sides.before.flatMap { recorded.runsInFlight[$0.id.name] } ?? 0
        let old = sides.before?.activeSchedule
        let new = sides.after?.activeSchedule
        let was = old == nil ? nil : suspendedTarget(of: sides.before, in: applied)
        let isNow = new == nil ? nil : suspendedTarget(of: sides.after, in: declared)
        guard old != nil || new != nil, old != new || (was == nil) != (isNow == nil) || inFlight > 0 else {
            return nil
        }
        return Change(
            sides: sides, old: old, new: new, before: old.map(timing), after: new.map(timing),
            wasSuspended: was, isSuspended: isNow, runsInFlight: inFlight)
    }

    /// What a trigger runs, where its own manifest suspends that.
    private func suspendedTarget(of trigger: Resource?, in catalog: Catalog) -> ResourceID? {
        trigger?.target.flatMap { catalog[$0]?.isSuspended == true ? $0 : nil }
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
