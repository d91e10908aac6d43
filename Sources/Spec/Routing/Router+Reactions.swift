import Values

extension Router {
    /// Decisions of all triggers that listen to what happens in writ itself, in order of their names.
    ///
    /// - Parameters:
    ///   - facts: of the happening; `run.failed`
    ///   - agent: whose run it is about
    package func reactions(to facts: EventFacts, agent: String?) -> [RoutingDecision] {
        listeners.compactMap { name, spec in
            guard let on = spec.on, EventPattern(on.event).matches(facts.name),
                on.agent.map({ $0.name == agent }) ?? true
            else { return nil }
            if spec.suspend {
                let reason = "the trigger is \(suspensions[name] ?? "suspended")"
                return RoutingDecision(trigger: name, spec: spec, outcome: .pass(reason: reason))
            }
            let object = facts.object(trigger: name, agent: spec.agent?.name)
            let failed = spec.match.first { !$0.holds(for: object) }
            return RoutingDecision(
                trigger: name, spec: spec,
                outcome: failed.map { .pass(reason: "condition does not hold: \($0.summary)") } ?? .run)
        }
    }
}
