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
        var warnings: [Diagnostic] = []
        if resource.id.kind == .agent, !graph.isUsed(resource.id) {
            warnings.append(Self.warning(ofUnused: resource))
        }
        if [.trigger, .agent, .tool].contains(resource.id.kind), !resource.isSuspended {
            warnings += (graph.references[resource.id] ?? [])
                .filter { $0.isUse && [.agent, .tool].contains($0.target.kind) }
                .filter { catalog[$0.target]?.isSuspended == true }
                .map { Self.warning(of: $0, in: resource) }
        }
        warnings += eventsNotSent(to: resource)
        warnings += [Self.warning(ofScheduleIn: resource), Self.warning(ofJitterIn: resource)].compactMap(\.self)
        return warnings
    }

    /// Where the webhook of its repository is kept at GitHub, no other events come than are asked for there.
    private func eventsNotSent(to resource: Resource) -> [Diagnostic] {
        guard resource.id.kind == .trigger, let webhook = resource.manifest["spec"]?["webhook"],
            let name = webhook["repository"]?.string,
            let sent = catalog[Repository.id(name)]?.manifest["spec"]?["webhook"], sent["manage"]?.bool == true,
            let asked = sent["events"]?.array, !asked.isEmpty
        else { return [] }
        func sort(_ event: JSON) -> String { String((event.string ?? "").prefix { $0 != "." }) }
        let sorts = Set(asked.map(sort))
        guard !sorts.contains("*") else { return [] }
        return (webhook["events"]?.array ?? []).enumerated().compactMap { place, event in
            let sort = sort(event)
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
    private static func warning(ofJitterIn resource: Resource) -> Diagnostic? {
        guard let schedule = resource.activeSchedule, schedule.concurrencyPolicy != .allow, let jitter = schedule.jitter
        else { return nil }
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

    private static func warning(ofScheduleIn resource: Resource) -> Diagnostic? {
        guard let count = resource.activeSchedule?.cron.firingsPerDay, count > firingsPerDay
        else { return nil }
        return Diagnostic(
            .warning, .frequentSchedule, "\(resource.id) fires \(count) times a day",
            at: resource.place(of: JSONPointer(["spec", "schedule", "cron"])),
            fix: "fire less often, such as `*/5 * * * *`, unless each run is wanted")
    }
}
