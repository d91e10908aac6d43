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

    /// Of what is in force, and what is once `plan` is applied.
    package init(of plan: Plan, _ reading: CommitReading) {
        self.init(
            changes: plan.changes, declared: reading.keeping(plan.kept).declared, applied: reading.applied)
    }

    /// - Parameter received: as the event was when it arrived
    package mutating func add(event: String, _ received: some RoutableEvent) {
        result.events += 1
        // By the names that the triggers have now.
        let before = Dictionary(
            old.decisions(for: received).map { (names.latter[Trigger.id($0.trigger)]?.name ?? $0.trigger, $0) },
            uniquingKeysWith: { first, _ in first })
        let after = Dictionary(
            new.decisions(for: renamed(received)).map { ($0.trigger, $0) }, uniquingKeysWith: { first, _ in first })
        for trigger in Set(before.keys).union(after.keys).sorted() {
            let (earlier, later) = (before[trigger], after[trigger])
            let isUntold = earlier?.isUntold == true || later?.isUntold == true
            let was = earlier.flatMap { target($0, orUntold: isUntold) }.map { names.latter[$0] ?? $0 }
            let becomes = later.flatMap { target($0, orUntold: isUntold) }
            // Whatever the same conditions say, they say it of both.
            let isSame = isUntold ? earlier.flatMap { one in later.map { same(one, $0) } } ?? false : true
            guard was != becomes || !isSame else { continue }
            let outcome: Backtest.Outcome =
                isUntold ? .untold : was == nil ? .matches : becomes == nil ? .passes : .redirected
            let reason: String? =
                switch outcome {
                case .untold: self.reason(later?.isUntold == true ? later : earlier)
                case .passes: self.reason(later)
                case .matches, .redirected: nil
                }
            result.add(
                Backtest.Row(
                    event: event, name: received.name, receivedAt: received.receivedAt, trigger: trigger,
                    outcome: outcome, before: was, after: becomes, reason: reason))
        }
    }

    /// Whether two decisions of which one cannot be told are the same, whatever it is.
    private func same(_ earlier: RoutingDecision, _ later: RoutingDecision) -> Bool {
        earlier.isUntold && later.isUntold && earlier.spec.match == later.spec.match
    }

    /// A renamed trigger or repository keeps the address at which it is sent to.
    private func renamed<Received: RoutableEvent>(_ received: Received) -> Received {
        switch received.endpoint {
        case .trigger(let name): received.moved(to: .trigger(names.latter[Trigger.id(name)]?.name ?? name))
        case .repository(let name): received.moved(to: .repository(names.latter[Repository.id(name)]?.name ?? name))
        }
    }

    /// What it runs; where that cannot be told, what it may run.
    private func target(_ decision: RoutingDecision, orUntold: Bool) -> ResourceID? {
        decision.runs || (orUntold && decision.isUntold) ? decision.spec.agent?.id ?? decision.spec.tool?.id : nil
    }

    private func reason(_ decision: RoutingDecision?) -> String {
        guard let decision else { return "no trigger hears of it any more" }
        if case .pass(let reason) = decision.outcome { return reason }
        return "nothing runs"
    }
}
