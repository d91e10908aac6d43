import Spec
import Values

/// What is valid and still unwise, seen over a whole catalog.
enum CatalogAdvice {
    static let firingsPerDay = 1_000

    static func warnings(of catalog: Catalog, _ graph: UseGraph) -> [Diagnostic] {
        let suspended = Set(catalog.resources.filter { $0.manifest["spec"]?["suspend"] == true }.map(\.id))
        var warnings: [Diagnostic] = []
        for resource in catalog.resources {
            if resource.id.kind == .agent, !graph.isUsed(resource.id) { warnings.append(warning(ofUnused: resource)) }
            if [.trigger, .agent, .tool].contains(resource.id.kind), !suspended.contains(resource.id) {
                warnings += (graph.uses[resource.id] ?? [])
                    .filter { [.agent, .tool].contains($0.target.kind) && suspended.contains($0.target) }
                    .map { warning(of: $0, in: resource) }
            }
            if let warning = warning(ofScheduleIn: resource) { warnings.append(warning) }
        }
        return warnings.sorted()
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
