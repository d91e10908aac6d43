import Values

/// What one trigger makes of one event.
package struct RoutingDecision: Sendable {
    package enum Outcome: Sendable, Hashable {
        case run
        /// Nothing runs, and why: shown beside the event.
        case pass(reason: String)
    }

    package let trigger: String
    package let spec: Trigger
    package let outcome: Outcome

    package var runs: Bool { outcome == .run }
}

/// Decides which triggers an event starts: a pure function of the event and the applied triggers.
package struct Router: Sendable {
    private struct Entry {
        let name: String
        let spec: Trigger
        let events: [EventPattern]?
        /// Lower-case `owner/name` by which payloads must say that they are of the trigger's repository.
        let fullName: String?
    }

    private let entries: [String: Entry]
    private let byRepository: [String: [String]]
    private let suspensions: [String: String]

    /// - Parameter suspensions: why triggers rest, where there is more to say than that they do
    package init(_ catalog: Catalog, suspensions: [String: String] = [:]) {
        self.suspensions = suspensions
        var entries: [String: Entry] = [:]
        var byRepository: [String: [String]] = [:]
        for (name, spec) in catalog.all(Trigger.self) {
            // Another source's trigger has its own address and secret: GitHub's signature lets nobody in there.
            let repository = spec.webhook?.source == .github ? spec.webhook?.repository : nil
            entries[name] = Entry(
                name: name, spec: spec, events: spec.webhook?.events?.map(EventPattern.init),
                fullName: repository.flatMap { catalog[$0]?.url.fullName?.lowercased() })
            if let repository { byRepository[repository.name, default: []].append(name) }
        }
        self.entries = entries
        self.byRepository = byRepository
    }

    /// Decisions of all triggers that hear of the event, in order of their names.
    package func decisions(for facts: EventFacts) -> [RoutingDecision] {
        let names: [String] =
            switch facts.endpoint {
            case .trigger(let name): [name]
            case .repository(let name): byRepository[name, default: []]
            }
        return names.compactMap { entries[$0] }.map { entry in
            RoutingDecision(trigger: entry.name, spec: entry.spec, outcome: outcome(of: facts, entry))
        }
    }

    private func outcome(of facts: EventFacts, _ entry: Entry) -> RoutingDecision.Outcome {
        if entry.spec.suspend {
            return .pass(reason: "the trigger is \(suspensions[entry.name] ?? "suspended")")
        }
        if entry.spec.webhook?.source == .github, facts.name == "ping" { return .pass(reason: "a ping runs nothing") }
        if let events = entry.events, !events.contains(where: { $0.matches(facts.name) }) {
            return .pass(reason: "event \(quoted(facts.name)) is not among the trigger's events")
        }
        if let fullName = entry.fullName {
            let sender = facts.payload.value(atPath: "repository.full_name")?.string
            guard sender?.lowercased() == fullName else {
                return .pass(reason: "the event is not of repository \(fullName)")
            }
        }
        if entry.spec.match.isEmpty { return .run }
        let target = entry.spec.agent?.name
        let object = facts.object(trigger: entry.name, agent: target)
        if let failed = entry.spec.match.first(where: { !$0.holds(for: object) }) {
            return .pass(reason: "condition does not hold: \(failed.summary)")
        }
        return .run
    }
}
