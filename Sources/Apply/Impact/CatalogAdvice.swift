import Spec
import Values

/// What is valid and still unwise, seen together with the rest of a catalog.
struct CatalogAdvice {
    static let firingsPerDay = 1_000

    private let catalog: Catalog
    private let graph: UseGraph

    init(_ catalog: Catalog, _ graph: UseGraph) {
        self.catalog = catalog
        self.graph = graph
    }

    /// About all of them, in order of place.
    var warnings: [Diagnostic] { catalog.resources.flatMap(warnings).sorted() }

    /// About one of the catalog's resources.
    func warnings(of resource: Resource) -> [Diagnostic] {
        let id = resource.id
        var warnings: [Diagnostic] = []
        if id.kind == .agent, !graph.isUsed(id) { warnings.append(Self.warning(ofUnused: resource)) }
        if [.trigger, .agent, .tool].contains(id.kind), !resource.isSuspended, let place = catalog.place(of: id) {
            for use in graph.references[place]
            where use.isUse && [.agent, .tool].contains(use.target.kind) && catalog[use.target]?.isSuspended == true {
                warnings.append(Self.warning(of: use, in: resource))
            }
        }
        guard id.kind == .trigger else { return warnings }
        warnings += eventsNotSent(to: resource)
        if let schedule = resource.activeSchedule {
            if let warning = Self.warning(of: schedule, in: resource) { warnings.append(warning) }
            if let warning = Self.warning(ofJitter: schedule, in: resource) { warnings.append(warning) }
        }
        return warnings
    }

    /// Where the webhook of its repository is kept at GitHub, no other events come than are asked for there.
    private func eventsNotSent(to resource: Resource) -> [Diagnostic] {
        guard let name = resource.heardRepository, let asked = catalog[Repository.id(name)]?.sentEvents, !asked.isEmpty
        else { return [] }
        func sort(_ event: String) -> String { String(event.prefix { $0 != "." }) }
        let sorts = Set(asked.map(sort))
        guard !sorts.contains("*") else { return [] }
        let events = resource.manifest["spec"]?["webhook"]?["events"]?.array ?? []
        return events.enumerated().compactMap { place, event in
            let sort = sort(event.string ?? "")
            guard sort != "*", !sorts.contains(sort) else { return nil }
            return Diagnostic(
                .warning, .unknownEvent, "\(Repository.id(name)) has GitHub send no \(quoted(sort))",
                at: resource.place(of: JSONPointer(["spec", "webhook", "events", "\(place)"])),
                fix: "add \(sort) to `webhook.events` of \(Repository.id(name))")
        }
    }

    private static func warning(ofUnused agent: Resource) -> Diagnostic {
        Diagnostic(
            .warning, .unusedAgent, "nothing uses \(agent.id): no trigger, tool or team names it", at: agent.place,
            fix: "add a trigger with agent: \(agent.id.name), or remove the agent")
    }

    private static func warning(of use: ReferenceUse, in resource: Resource) -> Diagnostic {
        Diagnostic(
            .warning, .suspendedReference,
            "\(resource.id) uses \(use.target), which is suspended: such runs are refused",
            at: resource.place(of: use.pointer), fix: "suspend \(resource.id) too, or end the suspension")
    }

    /// A run that waits for its jitter counts as one that goes on.
    private static func warning(ofJitter schedule: Trigger.Schedule, in resource: Resource) -> Diagnostic? {
        guard schedule.concurrencyPolicy != .allow, let jitter = schedule.jitter else { return nil }
        let period = schedule.cron.shortestPeriod
        guard jitter > period else { return nil }
        let what = schedule.concurrencyPolicy == .forbid ? "skips what comes meanwhile" : "drops the run that waits"
        return Diagnostic(
            .warning, .longJitter,
            "\(resource.id) fires every \(period.manifestText) and delays starts by up to \(jitter.manifestText):"
                + " concurrencyPolicy \(schedule.concurrencyPolicy.rawValue) \(what)",
            at: resource.place(of: JSONPointer(["spec", "schedule", "jitter"])),
            fix: "give a jitter under \(period.manifestText), or concurrencyPolicy: Allow")
    }

    private static func warning(of schedule: Trigger.Schedule, in resource: Resource) -> Diagnostic? {
        let count = schedule.cron.firingsPerDay
        guard count > firingsPerDay else { return nil }
        return Diagnostic(
            .warning, .frequentSchedule, "\(resource.id) fires \(count) times a day",
            at: resource.place(of: JSONPointer(["spec", "schedule", "cron"])),
            fix: "fire less often, such as `*/5 * * * *`, unless each run is wanted")
    }
}
