import Apply
import Runtime
import Spec
import State

/// What the state tells about the impact of a plan.
struct ImpactFacts {
    /// Pages of the inbox that are looked through for events that came from outside.
    private static let pages = 200
    /// Changed triggers whose runs are counted.
    private static let triggers = 1_000

    /// Nil where nothing was applied yet.
    let reader: StateReader?
    /// How many recorded events are routed again.
    let events: Int

    func impact(of plan: Plan, declared: Catalog, applied: Catalog) throws -> Impact {
        guard let reader, !plan.isEmpty else {
            return Impact(of: plan, declared: declared, applied: applied, zones: SystemZones.database)
        }
        return Impact(
            of: plan, declared: declared, applied: applied, zones: SystemZones.database,
            runsInFlight: try runsInFlight(plan, reader),
            backtest: try backtest(
                Backtester(changes: plan.changes, declared: declared, applied: applied), reader))
    }

    private func runsInFlight(_ plan: Plan, _ reader: StateReader) throws -> [String: Int] {
        let names = plan.changes.compactMap(\.before?.id).filter { $0.kind == .trigger }.map(\.name)
        var counts: [String: Int] = [:]
        for name in names.prefix(Self.triggers) { counts[name] = try reader.activeRuns(trigger: name).count }
        return counts
    }

    /// The newest events first. Ticks and requests by hand are for one trigger whatever is declared: they are left out.
    private func backtest(_ tester: Backtester, _ reader: StateReader) throws -> Backtest {
        var tester = tester
        var cursor: String?
        for _ in 0..<Self.pages {
            let page = try reader.events(Page(limit: 500, before: cursor))
            for summary in page.items where summary.endpoint.contains("/") {
                guard tester.result.events < events else { return tester.result }
                guard let event = try reader.event(summary.id) else { continue }
                tester.add(event: summary.id, event.facts())
            }
            guard let next = page.next else { break }
            cursor = next
        }
        return tester.result
    }
}
