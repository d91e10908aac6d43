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
    func plan(_ commit: ObjectID, against applied: AppliedState, asOf: Instant) throws -> PlanningOutcome {
        let loaded = try configuration.load(commit)
        guard loaded.isValid else { return .invalid(loaded.diagnostics) }
        let plan = Planner(zones: SystemZones.database).plan(
            loaded.catalog, commit: commit.text, applied: applied.catalog, basis: applied.basis, asOf: asOf,
            warnings: loaded.diagnostics)
        return .plan(plan)
    }
}
