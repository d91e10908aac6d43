import Values

/// That a trigger takes in what runs come to: `on: {event: run.succeeded, agent: triage}`. Whoever can write to such a run
/// can write to the trigger.
package struct RunListener: Sendable, Hashable {
    /// Whose runs alone; nil for all of them, those of tools too.
    package let agent: String?

    private static let events = Trigger.Reaction.events.filter { $0.hasPrefix("run.") }

    /// Nil for what listens to something else, or is no trigger. Read from the canonical manifest.
    package init?(_ resource: Resource) {
        guard let listener = resource.listener else { return nil }
        self = listener
    }

    /// - Parameter on: of a trigger's spec
    init?(on: JSON?) {
        guard let on, let event = on["event"]?.string else { return nil }
        let pattern = EventPattern(event)
        guard Self.events.contains(where: pattern.matches) else { return nil }
        agent = on["agent"]?.string
    }

    /// Stands for runs in the record of who refers to whom. It is no kind, so that nothing else has this identity.
    ///
    /// - Parameter agent: nil for those of anybody
    package static func runs(of agent: String?) -> ResourceID {
        ResourceID(kind: KindName(rawValue: "Run"), name: agent ?? "*")
    }

    package var runs: ResourceID { Self.runs(of: agent) }
}

extension Resource {
    /// The runs that it listens to, as one more reference.
    package var runsHeard: [ReferenceUse] {
        RunListener(self).map { [ReferenceUse(pointer: JSONPointer(["spec", "on"]), target: $0.runs)] } ?? []
    }
}
