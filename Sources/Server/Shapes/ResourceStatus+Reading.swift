import Runtime
import Spec
import State
import Values

/// Finds out how resources are doing, from one state at one time.
package struct ResourceStatusReader: Sendable {
    private struct Recent {
        var last: Run
        var lastEnd: RunState?
        /// When the oldest of the runs ended that ended as well or as badly as the last one.
        var healthSince: Instant?
        /// Whether a run before those ended otherwise.
        var healthChanged = false

        mutating func add(_ end: RunState, at instant: Instant?) {
            guard let known = lastEnd else {
                lastEnd = end
                healthSince = instant
                return
            }
            guard !healthChanged else { return }
            if known.isGoodEnd == end.isGoodEnd { healthSince = instant } else { healthChanged = true }
        }
    }

    private let reader: StateReader
    private let schedules: ScheduleForecast
    private let recent: [ResourceID: Recent]
    private let overrides: [Override]
    private let staleness: Staleness
    private let registrations: [ResourceID: RegistrationState]
    private let closed: [String: ClosedChannel]
    private let circuits: [String: RecordedCircuit]
    private let problems: [ResourceID: [ResourceProblem]]
    private let revision: Int
    private let times: [Int: Instant]

    /// - Parameter runs: the last ones, newest first; read if left out
    package init(
        _ reader: StateReader, zones: ZoneDatabase, now: Instant, runs: [Run]? = nil
    ) throws(StateError) {
        self.reader = reader
        overrides = try reader.overrides(at: now)
        staleness = try Staleness(reader)
        // Of two, as while its address changes, the one that stays.
        let kept = try RegistrationState.all(reader).sorted {
            ($0.registration.standing != .removing ? 0 : 1) < ($1.registration.standing != .removing ? 0 : 1)
        }
        registrations = Dictionary(kept.map { ($0.registration.id, $0) }) { first, _ in first }
        closed = try reader.closedChannels()
        // What a process that was killed knew of hosts counts no more.
        let open = StateReader.writer(ofStateAt: reader.path) == nil ? [] : try reader.openCircuits()
        circuits = Dictionary(open.map { ($0.origin, $0) }) { first, _ in first }
        problems = Dictionary(grouping: try reader.resourceProblems(), by: \.id)
        revision = try reader.latestRevision()?.number ?? 0
        times = try reader.revisionTimes()
        schedules = ScheduleForecast(cursors: try reader.scheduleCursors(), zones: zones, now: now)
        let names = try reader.currentNames()
        var recent: [ResourceID: Recent] = [:]
        let read: [Run]
        if let runs { read = runs } else { read = try reader.runs(Page(limit: 500)).items }
        for run in read {
            // A skipped run says nothing about the health of what did not run.
            let end = run.state.isActive || run.state == .skipped ? nil : run.state
            for id in Self.resources(of: run).map({ names.id($0, at: run.revision) }) {
                if recent[id] == nil { recent[id] = Recent(last: run) }
                if let end { recent[id]?.add(end, at: run.finishedAt) }
            }
        }
        self.recent = recent
    }

    /// From the recent runs alone, and without the times of conditions: costs nothing.
    package func recentStatus(of resource: AppliedResource) -> ResourceStatus {
        let runs = recent[resource.id]
        return ResourceStatus(
            of: resource, lastRun: runs?.last, lastEnd: runs?.lastEnd, schedules: schedules, overrides: overrides,
            facts: ResourceStatus.ConditionFacts(
                healthChanged: healthChanged(runs), stale: staleness.condition(of: resource, created: nil),
                registration: registrations[resource.id], problem: problem(of: resource.id),
                solved: problems[resource.id]?.compactMap(\.endedAt).max(), closed: closed(resource),
                circuit: circuit(resource)),
            revision: revision)
    }

    /// Looks further back where the recent runs say nothing.
    package func status(of resource: AppliedResource) throws(StateError) -> ResourceStatus {
        let runs = recent[resource.id]
        let life = try ResourceLife(of: resource, reader, times: times)
        let facts = ResourceStatus.ConditionFacts(
            life: life, healthChanged: healthChanged(runs), suspendedTarget: try suspendedTarget(of: resource),
            stale: staleness.condition(of: resource, created: life.created),
            registration: registrations[resource.id], problem: problem(of: resource.id),
            solved: problems[resource.id]?.compactMap(\.endedAt).max(), closed: closed(resource),
            circuit: circuit(resource), reopened: try reopened(resource))
        let last: Run?
        if let runs { last = runs.last } else { last = try lastRun(of: resource.id) }
        return ResourceStatus(
            of: resource, lastRun: last, lastEnd: runs == nil ? last?.state : runs?.lastEnd, schedules: schedules,
            overrides: overrides,
            facts: facts, revision: revision)
    }

    /// The next so many firings of a schedule.
    package func nextFires(_ count: Int, of resource: AppliedResource) -> [FireTime] {
        problem(of: resource.id) == nil ? schedules.next(count, of: resource) : []
    }

    private func problem(of id: ResourceID) -> ResourceProblem? { problems[id]?.first { $0.endedAt == nil } }

    /// A channel that was changed since is open again.
    private func closed(_ resource: AppliedResource) -> ClosedChannel? {
        guard resource.id.kind == .channel, let closed = closed[resource.id.name], closed.digest == resource.digest
        else { return nil }
        return closed
    }

    private func circuit(_ resource: AppliedResource) -> RecordedCircuit? {
        guard !circuits.isEmpty else { return nil }
        let declared = Resource(
            id: resource.id, manifest: resource.manifest, digest: resource.digest, place: resource.place)
        return CalledHost.origin(of: declared).flatMap { circuits[$0] }
    }

    /// When it got the first manifest after its receiver wanted no more of it.
    private func reopened(_ resource: AppliedResource) throws(StateError) -> Instant? {
        guard resource.id.kind == .channel, let closed = closed[resource.id.name], closed.digest != resource.digest
        else { return nil }
        let changes = try reader.versions(of: resource.id).compactMap { times[$0.from] }
        return changes.filter { $0 >= closed.since }.min()
    }

    private func healthChanged(_ runs: Recent?) -> Instant? {
        guard let runs, runs.healthChanged || runs.lastEnd?.isGoodEnd == false else { return nil }
        return runs.healthSince
    }

    private func suspendedTarget(of resource: AppliedResource) throws(StateError) -> ResourceID? {
        guard resource.id.kind == .trigger, let spec = resource.manifest["spec"],
            let id = spec["agent"]?.string.map(Agent.id) ?? spec["tool"]?.string.map(Tool.id),
            let target = try reader.resource(id)?.overridden(by: overrides.filter { $0.id == id }),
            ResourceLife.isSuspended(target.manifest)
        else { return nil }
        return id
    }

    private static func resources(of run: Run) -> [ResourceID] {
        var ids: [ResourceID] = []
        if let agent = run.target.agent { ids.append(Agent.id(agent)) }
        if let tool = run.target.tool { ids.append(Tool.id(tool)) }
        if let trigger = run.trigger { ids.append(Trigger.id(trigger)) }
        return ids
    }

    private func lastRun(of id: ResourceID) throws(StateError) -> Run? {
        let filter: RunFilter
        switch id.kind {
        case .agent: filter = RunFilter(agent: id.name)
        case .tool: filter = RunFilter(tool: id.name)
        case .trigger: filter = RunFilter(trigger: id.name)
        default: return nil
        }
        return try reader.runs(Page(limit: 1), filter).items.first
    }
}

extension RunState {
    /// Whether a run that ended so says that all is well.
    var isGoodEnd: Bool {
        switch self {
        case .failed, .discarded, .unknown: false
        default: true
        }
    }
}
