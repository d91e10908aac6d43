import Spec
import State
import Values

/// What a plan would do beyond the resources that it changes. No part of the plan's digest.
package struct Impact: Sendable {
    /// Whom each edit reaches, in order of what was edited.
    package let blastRadius: [BlastRadius]
    /// What fires, and when, by trigger.
    package let schedules: [ScheduleImpact]
    /// What triggers come to that they did not come to before.
    package let reach: ReachImpact
    /// What is unwise in the catalog as a whole.
    package let warnings: [Diagnostic]
    /// Where recorded events would go; nil where no state is known.
    package let backtest: Backtest?

    /// - Parameters:
    ///   - declared: the catalog that `plan` leads to
    ///   - applied: the catalog that it comes from
    ///   - recorded: what the state knows of it
    package init(
        of plan: Plan, declared: Catalog, applied: Catalog, zones: ZoneDatabase,
        recorded: RecordedFacts = RecordedFacts()
    ) {
        let graph = UseGraph(declared)
        self.init(
            of: plan, declared, applied, graph, CatalogAdvice(declared, graph).warnings, zones, recorded, .here)
    }

    /// - Parameters:
    ///   - reading: what `plan` was made from
    ///   - spread: how parts of it are looked at at the same time
    package init(
        of plan: Plan, _ reading: CommitReading, zones: ZoneDatabase, recorded: RecordedFacts = RecordedFacts(),
        spread: Spread = .here
    ) {
        let reading = reading.keeping(plan.kept)
        self.init(of: plan, reading.declared, reading.applied, reading.graph, reading.advice, zones, recorded, spread)
    }

    private init(
        of plan: Plan, _ declared: Catalog, _ applied: Catalog, _ graph: UseGraph, _ advice: [Diagnostic],
        _ zones: ZoneDatabase, _ recorded: RecordedFacts, _ spread: Spread
    ) {
        blastRadius = BlastRadius.all(of: plan.changes, graph)
        let forecaster = ScheduleForecaster(
            declared: declared, applied: applied, graph, zones: zones, asOf: plan.asOf)
        schedules = forecaster.impacts(of: plan.changes, recorded, spread: spread)
        reach = ReachImpact(
            of: plan.changes, declared: declared, applied: applied, kept: Set(plan.kept.map(\.id)), graph,
            spread: spread)
        warnings = advice
        backtest = recorded.backtest
    }
}

/// What only a state can tell of the impact of a plan.
package struct RecordedFacts: Sendable {
    /// Runs that are queued, run or wait, by the recorded name of the trigger that started them.
    package var runsInFlight: [String: Int]
    /// Runs of missed instants that would start as soon as the plan is applied, by the declared name of the trigger.
    package var catchUpRuns: [String: Int]
    package var backtest: Backtest?
    /// What operators suspended by hand, by the recorded identity.
    package var suspensions: [ResourceID: HandSuspension]

    package init(
        runsInFlight: [String: Int] = [:], catchUpRuns: [String: Int] = [:], backtest: Backtest? = nil,
        suspensions: [HandSuspension] = []
    ) {
        self.runsInFlight = runsInFlight
        self.catchUpRuns = catchUpRuns
        self.backtest = backtest
        self.suspensions = Dictionary(suspensions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

/// Names of which only the first are kept, so that an edit that reaches thousands stays readable.
package struct Listing: Sendable, Hashable {
    package static let limit = 50

    /// The first in order.
    package let names: [String]
    package let count: Int

    package init(_ names: some Collection<String>) {
        self.names = Array(names.sorted().prefix(Self.limit))
        count = names.count
    }

    package var isEmpty: Bool { count == 0 }

    var json: JSON {
        ["count": .number(JSONNumber(count)), "names": .array(names.map(JSON.string))]
    }

    /// `2 schedules (a, b)`; nil for none.
    func text(_ singular: String, _ plural: String, shown: Int = 8) -> String? {
        guard count > 0 else { return nil }
        let more = count > shown ? " and \(count - min(shown, names.count)) more" : ""
        return "\(count) \(count == 1 ? singular : plural) (\(names.prefix(shown).joined(separator: ", "))\(more))"
    }
}
