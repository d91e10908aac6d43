import Spec
import State
import Values

/// Finds out how resources are doing, from one state at one time.
package struct ResourceStatusReader: Sendable {
    private struct Recent {
        var last: Run
        var lastEnd: RunState?
    }

    private let reader: StateReader
    private let schedules: ScheduleForecast
    private let recent: [ResourceID: Recent]
    private let overrides: [Override]

    /// - Parameter runs: the last ones, newest first; read if left out
    package init(
        _ reader: StateReader, zones: ZoneDatabase, now: Instant, runs: [Run]? = nil
    ) throws(StateError) {
        self.reader = reader
        overrides = try reader.overrides(at: now)
        schedules = ScheduleForecast(cursors: try reader.scheduleCursors(), zones: zones, now: now)
        var recent: [ResourceID: Recent] = [:]
        let read: [Run]
        if let runs { read = runs } else { read = try reader.runs(Page(limit: 500)).items }
        for run in read {
            // A skipped run says nothing about the health of what did not run.
            let end = run.state.isActive || run.state == .skipped ? nil : run.state
            for id in Self.resources(of: run) {
                if recent[id] == nil { recent[id] = Recent(last: run) }
                if recent[id]?.lastEnd == nil { recent[id]?.lastEnd = end }
            }
        }
        self.recent = recent
    }

    /// From the recent runs alone: costs nothing.
    package func recentStatus(of resource: AppliedResource) -> ResourceStatus {
        let runs = recent[resource.id]
        return ResourceStatus(
            of: resource, lastRun: runs?.last, lastEnd: runs?.lastEnd, schedules: schedules, overrides: overrides)
    }

    /// Looks further back where the recent runs say nothing.
    package func status(of resource: AppliedResource) throws(StateError) -> ResourceStatus {
        if recent[resource.id] != nil { return recentStatus(of: resource) }
        let last = try lastRun(of: resource.id)
        return ResourceStatus(
            of: resource, lastRun: last, lastEnd: last?.state, schedules: schedules, overrides: overrides)
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
