import Apply
import Git
import Spec
import State
import Values

/// What came of reading one commit against what is applied.
enum PlanningOutcome {
    case plan(Plan)
    /// The commit is not valid; every diagnostic, warnings too.
    case invalid([Diagnostic])
}

/// Reads a commit and plans it: the one way for `plan`, `apply` and the loop of `serve`.
struct Planning {
    let configuration: Configuration

    /// Throws what makes the source unreadable.
    ///
    /// - Parameters:
    ///   - facts: for the impact, which only those pay for who show it
    ///   - allowedDeletes: how many deletions the operator agreed to
    func plan(
        _ commit: ObjectID, against applied: AppliedState, asOf: Instant, facts: ImpactFacts? = nil,
        allowedDeletes: Int? = nil
    ) throws -> PlanningOutcome {
        let loaded = try configuration.load(commit)
        guard loaded.isValid else { return .invalid(loaded.diagnostics) }
        let old = applied.catalog
        let agreed = (allowedDeletes.map { [$0] } ?? []) + AgreedDeletes.numbers(commit, configuration.repository)
        var plan = Planner(zones: SystemZones.database).plan(
            loaded.catalog, commit: commit.text, applied: old, basis: applied.basis, asOf: asOf,
            warnings: loaded.diagnostics, settings: loaded.settings,
            brakes: Brakes(applied.settings?.brake, allowedDeletes: agreed))
        plan.impact = try facts?.impact(of: plan, declared: loaded.catalog, applied: old)
        return .plan(plan)
    }
}
