import Spec
import State
import Values

/// The instants of a schedule, before it is changed or removed, that nobody has decided yet: no instant is lost without
/// a row that says why (DESIGN.md rule 6).
struct UndecidedInstants: Sendable {
    private let zones: ZoneDatabase
    private let revision: Int
    private let now: Instant
    /// The triggers as they were, and why their instants do not run.
    private let triggers: [String: (spec: Trigger, reason: String)]

    /// Instants that are counted: a minute's schedule over two months.
    private static let countLimit = 100_000

    init(_ plan: Plan, zones: ZoneDatabase, now: Instant) {
        self.zones = zones
        self.now = now
        revision = plan.basis.revision
        var triggers: [String: (spec: Trigger, reason: String)] = [:]
        for change in plan.changes where change.id.kind == .trigger {
            guard let before = change.before?.spec(as: Trigger.self), let schedule = before.schedule else { continue }
            let after = change.after?.spec(as: Trigger.self)?.schedule
            if after?.timingDigest == schedule.timingDigest { continue }
            triggers[change.id.name] = (before, after == nil ? "the schedule was removed" : "the schedule was changed")
        }
        self.triggers = triggers
    }

    /// All of them as one row; `nil` if there are none.
    func skipped(from cursor: ScheduleCursor) -> SkippedInstants? {
        guard let (trigger, reason) = triggers[cursor.trigger], let schedule = trigger.schedule,
            let target = trigger.agent.map({ RunTarget.agent($0.name) }) ?? trigger.tool.map({ .tool($0.name) }),
            let zone = try? zones.zone(named: schedule.timeZone.identifier),
            let first = schedule.cron.next(after: cursor.instant, in: zone), first <= now
        else { return nil }
        var last = first
        var count = 1
        while count < Self.countLimit, let next = schedule.cron.next(after: last, in: zone), next <= now {
            last = next
            count += 1
        }
        return SkippedInstants(
            since: first, instant: last, count: count, reason: "\(reason) before it was due to be decided",
            target: target, revision: revision)
    }
}
