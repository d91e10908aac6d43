import Apply
import Runtime
import Spec
import State
import Values

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

    func impact(of plan: Plan, _ reading: CommitReading) throws -> Impact {
        guard let reader, !plan.isEmpty else {
            return Impact(of: plan, reading, zones: SystemZones.database, spread: .threads)
        }
        let reading = reading.keeping(plan.kept)
        let recorded = RecordedFacts(
            runsInFlight: try runsInFlight(plan, reader),
            catchUpRuns: try Self.catchUpRuns(plan) { name in try reader.scheduleCursor(of: name) },
            backtest: try backtest(Backtester(of: plan, reading), reader),
            suspensions: try reader.overrides(at: plan.asOf).filter(\.isSuspension).map { HandSuspension($0) })
        return Impact(of: plan, reading, zones: SystemZones.database, recorded: recorded, spread: .threads)
    }

    /// Of schedules that keep their cursor: one whose times change begins anew.
    ///
    /// - Parameter cursor: of the trigger of a name
    static func catchUpRuns(
        _ plan: Plan, cursor: (String) throws -> ScheduleCursor?
    ) rethrows -> [String: Int] {
        var counts: [String: Int] = [:]
        for change in plan.changes.lazy.filter({ $0.id.kind == .trigger }).prefix(Self.triggers) {
            guard let before = change.before, let after = change.after,
                let trigger = after.spec(as: Trigger.self), let schedule = trigger.schedule, !trigger.suspend,
                let cursor = try cursor(before.id.name), cursor.specDigest == schedule.timingDigest,
                let zone = try? SystemZones.database.zone(named: schedule.timeZone.identifier)
            else { continue }
            let rule = ScheduleRule(
                cron: schedule.cron, zone: zone, catchUp: schedule.catchUp, catchUpWindow: schedule.catchUpWindow)
            counts[after.id.name] = runs(rule, from: cursor.instant, to: plan.asOf)
        }
        return counts
    }

    private static func runs(_ rule: ScheduleRule, from cursor: Instant, to now: Instant) -> Int {
        // What is older than the window does not run, however much of it there is.
        let margin = Duration.seconds(3_600)
        var cursor = max(cursor, now.advanced(by: .zero - rule.catchUpWindow - margin))
        var count = 0
        while true {
            let decision = ScheduleDecision(rule, cursor: cursor, now: now)
            if decision.fires != nil { count += 1 }
            guard decision.isBehind, decision.cursor > cursor else { return count }
            cursor = decision.cursor
        }
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
