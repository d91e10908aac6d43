import Spec
import Values

/// What is valid and still unwise, seen over a whole catalog.
enum CatalogAdvice {
    static let firingsPerDay = 1_000

    static func warnings(of catalog: Catalog) -> [Diagnostic] {
        let suspended = Set(catalog.resources.filter { $0.manifest["spec"]?["suspend"] == true }.map(\.id))
        var used: Set<ResourceID> = []
        var warnings: [Diagnostic] = []
        for resource in catalog.resources {
            let references = resource.references.filter { use in
                let listens = use.pointer.tokens.prefix(2) == ["spec", "on"]
                return (use.target.kind == .agent || use.target.kind == .tool) && !listens
            }
            used.formUnion(references.lazy.map(\.target))
            if [.trigger, .agent, .tool].contains(resource.id.kind), !suspended.contains(resource.id) {
                warnings += references.filter { suspended.contains($0.target) }.map { warning(of: $0, in: resource) }
            }
            if let warning = warning(ofScheduleIn: resource) { warnings.append(warning) }
        }
        for agent in catalog.resources where agent.id.kind == .agent && !used.contains(agent.id) {
            warnings.append(
                Diagnostic(
                    .warning, .unusedAgent, "nothing uses \(agent.id): no trigger, tool or team names it",
                    at: agent.place, fix: "add a trigger with agent: \(agent.id.name), or remove the agent"))
        }
        return warnings.sorted()
    }

    private static func warning(of use: ReferenceUse, in resource: Resource) -> Diagnostic {
        Diagnostic(
            .warning, .suspendedReference,
            "\(resource.id) uses \(use.target), which is suspended: such runs are refused",
            at: resource.place(of: use.pointer), fix: "suspend \(resource.id) too, or end the suspension")
    }

    private static func warning(ofScheduleIn resource: Resource) -> Diagnostic? {
        guard resource.id.kind == .trigger, resource.manifest["spec"]?["schedule"] != nil,
            let trigger = resource.spec(as: Trigger.self), !trigger.suspend,
            let count = trigger.schedule?.cron.firingsPerDay, count > firingsPerDay
        else { return nil }
        return Diagnostic(
            .warning, .frequentSchedule, "\(resource.id) fires \(count) times a day",
            at: resource.place(of: JSONPointer(["spec", "schedule", "cron"])),
            fix: "fire less often, such as `*/5 * * * *`, unless each run is wanted")
    }
}
