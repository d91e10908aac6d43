import Runtime
import Spec
import State
import Values

/// How an applied resource is doing.
package struct ResourceStatus: Sendable {
    package enum Level: String, Sendable, Hashable {
        case ready
        /// `spec.suspend` is set, or an operator suspended it.
        case suspended
        /// This version of writ reads it and does not act on it.
        case inactive
        /// Its last run that ended did not end well, it cannot work where it is served, its webhook is not at the sender, its
        /// receiver wants no more, or its host is left alone.
        case failing
    }

    package let level: Level
    package let lastRun: Run?
    /// Of a trigger with a schedule.
    package let nextFire: FireTime?
    /// What operators hold it to.
    package let overrides: [Override]
    package let conditions: [ResourceCondition]
    /// The revision that the conditions were judged by.
    package let observedRevision: Int

    package init(
        level: Level, lastRun: Run? = nil, nextFire: FireTime? = nil, overrides: [Override] = [],
        conditions: [ResourceCondition] = [], observedRevision: Int = 0
    ) {
        self.level = level
        self.lastRun = lastRun
        self.nextFire = nextFire
        self.overrides = overrides
        self.conditions = conditions
        self.observedRevision = observedRevision
    }

    package subscript(sort: ResourceCondition.Sort) -> ResourceCondition? { conditions.first { $0.sort == sort } }

    /// - Parameters:
    ///   - lastRun: of this resource, if it has one
    ///   - lastEnd: the state in which the last of its runs that ran came to its end
    ///   - facts: what its conditions are made of
    init(
        of applied: AppliedResource, lastRun: Run?, lastEnd: RunState?, schedules: ScheduleForecast,
        overrides: [Override] = [], facts: ConditionFacts, revision: Int
    ) {
        let overrides = overrides.filter { $0.id == applied.id }
        let resource = applied.overridden(by: overrides)
        let isSuspended = resource.manifest["spec"]?["suspend"]?.bool == true
        let isInactive = Self.isInactive(resource)
        let isFailing =
            lastEnd?.isGoodEnd == false || facts.registration?.registration.standing == .failing
            || facts.closed != nil || facts.problem != nil || facts.circuit != nil
        let level: Level = isSuspended ? .suspended : isInactive ? .inactive : isFailing ? .failing : .ready
        self.init(
            level: level, lastRun: lastRun, nextFire: facts.problem == nil ? schedules.next(of: resource) : nil,
            overrides: overrides,
            conditions: Self.conditions(of: applied, level, lastRun: lastRun, overrides, facts),
            observedRevision: revision)
    }

    private static func isInactive(_ resource: AppliedResource) -> Bool {
        guard case .object(let shape)? = KindCatalog[resource.id.kind]?.shape, let spec = resource.manifest["spec"]
        else { return false }
        return shape.isInactive(spec)
    }
}

extension AppliedResource {
    /// As it works while these hold.
    func overridden(by overrides: [Override]) -> AppliedResource {
        let fields = overrides.fields(of: id)
        guard !fields.isEmpty else { return self }
        let resource = Resource(self).overridden(by: fields)
        return AppliedResource(
            id: id, manifest: resource.manifest, digest: digest, place: place, sinceRevision: sinceRevision)
    }
}

/// When a schedule fires next, and in which zone it counts.
package struct FireTime: Sendable, Hashable {
    package let instant: Instant
    package let zone: Zone

    package init(instant: Instant, zone: Zone) {
        self.instant = instant
        self.zone = zone
    }
}

/// Computes next fire times from cursors and cron expressions.
package struct ScheduleForecast: Sendable {
    private let cursors: [String: ScheduleCursor]
    private let zones: ZoneDatabase
    private let now: Instant
    /// Whether cursors are so far ahead of the clock that schedules go by the clock.
    private let followsClock: Bool

    package init(cursors: [String: ScheduleCursor], zones: ZoneDatabase, now: Instant) {
        self.cursors = cursors
        self.zones = zones
        self.now = now
        let furthest = cursors.values.map(\.instant).max()
        followsClock = furthest.map { $0.duration(since: now) > Scheduler.correction } ?? false
    }

    /// `nil` for what has no schedule, is suspended, or never fires again.
    package func next(of resource: AppliedResource) -> FireTime? { next(1, of: resource).first }

    /// The next so many firings, fewer where there are no more.
    package func next(_ count: Int, of resource: AppliedResource) -> [FireTime] {
        guard resource.id.kind == .trigger, Scheduler.years.contains(now) else { return [] }
        let typed = Resource(
            id: resource.id, manifest: resource.manifest, digest: resource.digest, place: resource.place)
        guard let trigger = typed.spec(as: Trigger.self), !trigger.suspend, let schedule = trigger.schedule,
            let zone = try? zones.zone(named: schedule.timeZone.identifier)
        else { return [] }
        // A cursor ahead of the clock (set back) keeps instants from firing twice.
        var from = followsClock ? now : max(cursors[resource.id.name]?.instant ?? now, now)
        var times: [FireTime] = []
        while times.count < count, let next = schedule.cron.next(after: from, in: zone) {
            times.append(FireTime(instant: next, zone: zone))
            from = next
        }
        return times
    }
}
