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
    /// What is known of the event does not tell: `outcome` says that nothing runs, and why that is not sure.
    package let isUntold: Bool

    package init(trigger: String, spec: Trigger, outcome: Outcome, isUntold: Bool = false) {
        self.trigger = trigger
        self.spec = spec
        self.outcome = outcome
        self.isUntold = isUntold
    }

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
    let suspensions: [String: String]
    /// Triggers that listen to writ itself, in order of their names.
    let listeners: [(name: String, spec: Trigger)]

    /// - Parameters:
    ///   - triggers: those of the catalog, if they were read already
    ///   - suspensions: why triggers rest, where there is more to say than that they do
    package init(
        _ catalog: Catalog, triggers: [(name: String, spec: Trigger)]? = nil, suspensions: [String: String] = [:]
    ) {
        self.suspensions = suspensions
        var entries: [String: Entry] = [:]
        var byRepository: [String: [String]] = [:]
        for (name, spec) in triggers ?? catalog.all(Trigger.self) {
            // Another source's trigger has its own address and secret: GitHub's signature lets nobody in there.
            let repository = spec.webhook?.source == .github ? spec.webhook?.repository : nil
            entries[name] = Entry(
                name: name, spec: spec, events: spec.webhook?.events?.map(EventPattern.init),
                fullName: repository.flatMap { catalog[$0]?.url.fullName?.lowercased() })
            if let repository { byRepository[repository.name, default: []].append(name) }
        }
        listeners = entries.values.filter { $0.spec.on != nil }.sorted { $0.name < $1.name }.map { ($0.name, $0.spec) }
        self.entries = entries
        self.byRepository = byRepository
    }

    /// Decisions of all triggers that hear of the event, in order of their names.
    package func decisions(for event: some RoutableEvent) -> [RoutingDecision] {
        let names: [String] =
            switch event.endpoint {
            case .trigger(let name): [name]
            case .repository(let name): byRepository[name, default: []]
            }
        return names.compactMap { entries[$0] }.map { entry in
            let (outcome, isUntold) = outcome(of: event, entry)
            return RoutingDecision(trigger: entry.name, spec: entry.spec, outcome: outcome, isUntold: isUntold)
        }
    }

    private func outcome(
        of event: some RoutableEvent, _ entry: Entry
    ) -> (RoutingDecision.Outcome, isUntold: Bool) {
        func pass(_ reason: String) -> (RoutingDecision.Outcome, Bool) { (.pass(reason: reason), false) }
        if entry.spec.suspend { return pass("the trigger is \(suspensions[entry.name] ?? "suspended")") }
        if entry.spec.webhook?.source == .github, event.name == "ping" { return pass("a ping runs nothing") }
        if let events = entry.events, !events.contains(where: { $0.matches(event.name) }) {
            return pass("event \(quoted(event.name)) is not among the trigger's events")
        }
        if let fullName = entry.fullName, !event.isOf(repository: fullName) {
            return pass("the event is not of repository \(fullName)")
        }
        if entry.spec.match.isEmpty { return (.run, false) }
        switch event.verdict(on: entry.spec.match, trigger: entry.name, agent: entry.spec.agent?.name) {
        case .holds: return (.run, false)
        case .fails(let condition): return pass("condition does not hold: \(condition.summary)")
        case .untold(let condition):
            return (.pass(reason: "it cannot be told whether \(condition.summary)"), true)
        }
    }
}
