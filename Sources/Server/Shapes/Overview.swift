import Apply
import Runtime
import Spec
import State
import Values

/// The state of the whole system at one time: what `writ status`, `GET /status` and the dashboard show.
package struct Overview: Sendable {
    package struct Schedule: Sendable {
        package let trigger: String
        package let target: String
        package let cron: String
        /// `nil` if it or what it runs is suspended, or if it never fires again.
        package let next: FireTime?
        package let isSuspended: Bool
        /// Why who serves cannot keep it.
        package let problem: String?
    }

    package let at: Instant
    package let revision: Revision?
    /// The last look at the repository.
    package let observation: Observation?
    package let resources: [AppliedResource]
    package let schedules: [Schedule]
    package let queue: QueueCounts
    /// Work that is due at a time that only a clock that was ahead can have set.
    package let stranded: StrandedWork
    /// Altered behind Writ's back.
    package let altered: [AppliedResource]
    /// Taken out of force or put into it, behind Writ's back.
    package let misplaced: [MisplacedResource]
    /// Whether the repository's settings were, too.
    package let hasAlteredSettings: Bool
    /// What operators hold resources to.
    package let overrides: [Override]
    /// Deleted and not yet purged.
    package let deleted: TombstoneCount
    /// What keeps its last good version.
    package let stale: [StaleRecord]
    /// Webhooks that writ keeps at their senders.
    package let registrations: [RegistrationState]
    /// What somebody has to look after at the machine, and what was; newest first.
    package let alarms: [Alarm]
    /// Also where the disk is too full for its alarm to be recorded.
    package let isDiskFull: Bool
    /// Hosts that are left alone because they failed several times in a row.
    package let circuits: [RecordedCircuit]
    /// What channels that are in force did not get.
    package let undelivered: [UndeliveredMessages]
    /// Why resources that were applied cannot work where they are served.
    package let problems: [ResourceProblem]
    /// What was removed because it was old.
    package let cleanups: [CleanupRecord]

    package init(_ reader: StateReader, zones: ZoneDatabase, now: Instant) throws(StateError) {
        at = now
        let applied = try reader.appliedState()
        revision = applied.revision
        resources = applied.resources
        observation = try reader.latestObservation()
        queue = try reader.queueCounts()
        stranded = try reader.strandedWork(
            .runs, .deliveries, isServed: StateReader.writer(ofStateAt: reader.path) != nil, now: now)
        deleted = try reader.tombstoneCount()
        stale = try reader.staleResources()
        registrations = try RegistrationState.all(reader)
        let alarms = try reader.alarms()
        self.alarms = alarms
        isDiskFull = reader.isOutOfSpace || alarms.contains { $0.name == .diskFull && $0.endedAt == nil }
        circuits = try reader.openCircuits()
        let channels = Set(applied.resources.lazy.map(\.id).filter { $0.kind == .channel }.map(\.name))
        undelivered = try reader.undeliveredMessages(at: now).filter { channels.contains($0.channel) }
        cleanups = try reader.cleanups()
        let isAltered = try reader.lastAlteration() != nil
        let altered = isAltered ? try reader.alteredResources() : []
        self.altered = altered
        let known = Set(altered.map(\.id))
        misplaced = isAltered ? try reader.misplacedResources().filter { !known.contains($0.id) } : []
        hasAlteredSettings = try reader.alteredSettings() != nil
        let overrides = try reader.overrides(at: now)
        self.overrides = overrides
        let cursors = try reader.scheduleCursors()
        let forecast = ScheduleForecast(cursors: cursors, zones: zones, now: now)
        let working = applied.resources.map { $0.overridden(by: overrides) }
        let suspended = Set(working.filter { $0.manifest["spec"]?["suspend"]?.bool == true }.map(\.id))
        problems = try reader.resourceProblems().filter { $0.endedAt == nil }
        let silent = problems.filter { $0.reason == .unknownTimeZone }
        let wrong = Dictionary(silent.map { ($0.id, $0.message) }) { first, _ in first }
        let senseless = Scheduler.years.contains(now) ? nil : Scheduler.senseless(now)
        schedules = working.compactMap {
            Self.schedule(
                of: $0, forecast, suspended,
                problem: senseless ?? wrong[$0.id] ?? (cursors[$0.id.name] == nil ? Self.lostPlace : nil))
        }
        .sorted { Self.order($0, $1) }
    }

    /// Somebody removed it, or made what cannot be read of it (fault C67).
    private static let lostPlace = "how far it has come is not recorded any more: see `writ doctor`"

    private static func schedule(
        of resource: AppliedResource, _ forecast: ScheduleForecast, _ suspended: Set<ResourceID>, problem: String?
    ) -> Schedule? {
        guard resource.id.kind == .trigger, let spec = resource.manifest["spec"],
            let cron = spec["schedule"]?["cron"]?.string
        else { return nil }
        let target = spec["agent"]?.string.map(Agent.id) ?? spec["tool"]?.string.map(Tool.id)
        let isSuspended = suspended.contains(resource.id) || target.map(suspended.contains) == true
        return Schedule(
            trigger: resource.id.name, target: target?.name ?? "", cron: cron,
            next: isSuspended || problem != nil ? nil : forecast.next(of: resource), isSuspended: isSuspended,
            problem: problem)
    }

    /// The next one to fire first, then those that do not.
    private static func order(_ left: Schedule, _ right: Schedule) -> Bool {
        switch (left.next?.instant, right.next?.instant) {
        case (let left?, let right?) where left != right: left < right
        case (.some, nil): true
        case (nil, .some): false
        default: left.trigger < right.trigger
        }
    }

    /// What was altered, by name.
    package var drifted: [String] {
        (hasAlteredSettings ? ["Settings/\(Settings.fileName)"] : []) + altered.map(\.id.description)
            + misplaced.map(\.id.description)
    }

    fileprivate var settingsPath: String { Settings.path(below: revision?.directory ?? "") }

    /// How many resources there are of each kind, in the order of the kinds.
    package var counts: [(kind: String, plural: String, count: Int)] {
        var byKind: [KindName: Int] = [:]
        for resource in resources { byKind[resource.id.kind, default: 0] += 1 }
        return KindCatalog.all.map { ($0.kindName.rawValue, $0.plural, byKind[$0.kindName] ?? 0) }
    }
}

extension Shapes {
    package static func overview(_ overview: Overview) -> JSON {
        var object = JSONObject(["formatVersion": formatVersion])
        object.set("asOf", overview.at)
        object.set("revision", overview.revision.map(revision))
        object.set("lastReconcile", overview.observation.map(observation))
        var counts = JSONObject()
        for (_, plural, count) in overview.counts { counts.set(plural, count) }
        object.set("resources", counts.json)
        let settings: [JSON] =
            overview.hasAlteredSettings
            ? [["kind": "Settings", "name": .string(Settings.fileName), "path": .string(overview.settingsPath)]] : []
        let drift =
            settings + overview.altered.map { drifted($0.id, $0.place) }
            + overview.misplaced.map { drifted($0.id, $0.place) }
        if !drift.isEmpty { object.set("drift", .array(drift)) }
        if !overview.overrides.isEmpty { object.set("overrides", .array(overview.overrides.map(\.json))) }
        if overview.deleted.count > 0 {
            var deleted = JSONObject()
            deleted.set("count", overview.deleted.count)
            deleted.set("nextPurgeAt", overview.deleted.nextExpiry)
            object.set("deleted", deleted.json)
        }
        var queue = JSONObject()
        queue.set("runs", counts: overview.queue.runs)
        queue.set("deliveries", counts: overview.queue.deliveries)
        queue.set("oldestDueAt", overview.queue.oldestDueAt)
        if overview.stranded.count > 0 { queue.set("dueByClockThatWasAhead", overview.stranded.count) }
        object.set("queue", queue.json)
        object.set("schedules", .array(overview.schedules.map(schedule)))
        if !overview.registrations.isEmpty {
            object.set("webhooks", .array(overview.registrations.map(\.json)))
        }
        if !overview.alarms.isEmpty { object.set("alarms", .array(overview.alarms.map(alarm))) }
        if !overview.problems.isEmpty { object.set("problems", .array(overview.problems.map(problem))) }
        if !overview.circuits.isEmpty { object.set("circuits", .array(overview.circuits.map(circuit))) }
        if !overview.undelivered.isEmpty {
            let all = overview.undelivered.map { undelivered in
                var object = JSONObject(["channel": .string(undelivered.channel)])
                undelivered.write(to: &object)
                return object.json
            }
            object.set("undelivered", .array(all))
        }
        if !overview.cleanups.isEmpty {
            var retention = JSONObject()
            for record in overview.cleanups { retention.set(record.part.rawValue, cleanup(record)) }
            object.set("retention", retention.json)
        }
        if !overview.stale.isEmpty { object.set("stale", .array(overview.stale.map(stale))) }
        return object.json
    }

    private static func alarm(_ alarm: Alarm) -> JSON {
        var object = JSONObject()
        object.set("name", alarm.name.rawValue)
        object.set("message", alarm.message)
        object.set("since", alarm.since)
        object.set("endedAt", alarm.endedAt)
        return object.json
    }

    private static func problem(_ problem: ResourceProblem) -> JSON {
        var object = JSONObject()
        object.set("kind", problem.id.kind.rawValue)
        object.set("name", problem.id.name)
        object.set("reason", problem.reason.rawValue)
        object.set("message", problem.message)
        object.set("since", problem.since)
        return object.json
    }

    private static func circuit(_ circuit: RecordedCircuit) -> JSON {
        var object = JSONObject()
        object.set("host", circuit.origin)
        object.set("failures", circuit.failures)
        object.set("since", circuit.since)
        object.set("until", circuit.until)
        object.set("error", circuit.error)
        return object.json
    }

    private static func cleanup(_ record: CleanupRecord) -> JSON {
        var object = JSONObject()
        object.set("removed", record.removed)
        object.set("finishedAt", record.finishedAt)
        return object.json
    }

    private static func stale(_ record: StaleRecord) -> JSON {
        var object = JSONObject(record.resource.json.object ?? [:])
        object.set("commit", record.commit)
        object.set("since", record.since)
        return object.json
    }

    private static func drifted(_ id: ResourceID, _ place: Place?) -> JSON {
        var object = JSONObject()
        object.set("kind", id.kind.rawValue)
        object.set("name", id.name)
        object.set("path", place?.path)
        object.set("line", place?.mark.line)
        return object.json
    }

    private static func schedule(_ schedule: Overview.Schedule) -> JSON {
        var object = JSONObject(["suspended": .bool(schedule.isSuspended)])
        object.set("trigger", schedule.trigger)
        object.set("cron", schedule.cron)
        object.set("timeZone", schedule.next?.zone.identifier)
        object.set("nextFireAt", schedule.next?.instant)
        object.set("problem", schedule.problem)
        return object.json
    }
}
