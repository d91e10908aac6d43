import Spec
import Values

/// Routes recorded events through what is applied and what is declared, without running anything. Events are given one
/// by one, so that no more than one payload is held.
package struct Backtester: Sendable {
    private let old: Router
    private let new: Router
    private let names: Renames
    package private(set) var result = Backtest()

    package init(changes: [PlannedChange], declared: Catalog, applied: Catalog) {
        old = Router(applied)
        new = Router(declared)
        names = Renames(changes)
    }

    /// - Parameter facts: as the event was when it arrived
    package mutating func add(event: String, _ facts: EventFacts) {
        result.events += 1
        // By the names that the triggers have now.
        let before = Dictionary(
            old.decisions(for: facts).map { (names.latter[Trigger.id($0.trigger)]?.name ?? $0.trigger, $0) },
            uniquingKeysWith: { first, _ in first })
        let after = Dictionary(
            new.decisions(for: renamed(facts)).map { ($0.trigger, $0) }, uniquingKeysWith: { first, _ in first })
        for trigger in Set(before.keys).union(after.keys).sorted() {
            let was = before[trigger].flatMap(target).map { names.latter[$0] ?? $0 }
            let becomes = after[trigger].flatMap(target)
            guard was != becomes else { continue }
            let outcome: Backtest.Outcome = was == nil ? .matches : becomes == nil ? .passes : .redirected
            result.add(
                Backtest.Row(
                    event: event, name: facts.name, receivedAt: facts.receivedAt, trigger: trigger, outcome: outcome,
                    before: was, after: becomes, reason: outcome == .passes ? reason(after[trigger]) : nil))
        }
    }

    /// A renamed trigger or repository keeps the address at which it is sent to.
    private func renamed(_ facts: EventFacts) -> EventFacts {
        let endpoint: EventFacts.Endpoint =
            switch facts.endpoint {
            case .trigger(let name): .trigger(names.latter[Trigger.id(name)]?.name ?? name)
            case .repository(let name): .repository(names.latter[Repository.id(name)]?.name ?? name)
            }
        return EventFacts(
            endpoint: endpoint, name: facts.name, payload: facts.payload, headers: facts.headers,
            receivedAt: facts.receivedAt, scheduledAt: facts.scheduledAt)
    }

    private func target(_ decision: RoutingDecision) -> ResourceID? {
        decision.runs ? decision.spec.agent?.id ?? decision.spec.tool?.id : nil
    }

    private func reason(_ decision: RoutingDecision?) -> String {
        guard let decision else { return "no trigger hears of it any more" }
        if case .pass(let reason) = decision.outcome { return reason }
        return "nothing runs"
    }
}
