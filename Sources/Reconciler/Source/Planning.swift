import Apply
import Git
import Spec
import State
import Values

/// What came of reading one commit against what is applied.
enum PlanningOutcome {
    case plan(Plan)
    /// The commit is not valid; every diagnostic, warnings too, and what stays in force.
    case invalid([Diagnostic], AppliedHead)
}

/// Reads a commit and plans it: the one way for `plan`, `apply` and the loop of `serve`.
struct Planning {
    let configuration: Configuration
    /// Nil before anything was applied.
    let state: StateReader?
    /// Is given the catalog of a valid commit where all of it is read, before it is planned.
    var onLoad: (Catalog) -> Void = { _ in }

    /// Throws what makes the source unreadable.
    ///
    /// - Parameters:
    ///   - facts: for the impact, which only those pay for who show it
    ///   - allowedDeletes: how many deletions the operator agreed to
    ///   - fully: read every file, also where what is recorded tells what it says
    func plan(
        _ commit: ObjectID, asOf: Instant, facts: ImpactFacts? = nil, allowedDeletes: Int? = nil, fully: Bool = false
    ) throws -> PlanningOutcome {
        // What somebody altered is not what the record of the files tells.
        let alteration = try state?.lastAlteration()
        let isAltered = try alteration != nil || state?.isSourceRecordAltered() == true
        let fully = fully || isAltered
        let reader = CommitReader(
            ConfiguredCommit(configuration: configuration, commit: commit, onLoad: onLoad), state: state,
            program: ProgramIdentity.text, spread: .threads)
        switch try reader.read(commit.text, below: configuration.directory, fully: fully) {
        case .invalid(let diagnostics, let head): return .invalid(diagnostics, head)
        case .reading(let reading):
            let planner = Planner(zones: SystemZones.database, spread: .threads)
            let settings = reading.head.settings(for: commit.text)?.brake
            let said = allowedDeletes.map { [$0] } ?? []
            var plan = planner.plan(reading, asOf: asOf, brakes: Brakes(settings, allowedDeletes: said))
            // The commit's message is read only where it may matter.
            if plan.brake?.isReleased == false {
                let agreed = AgreedDeletes(
                    commit, since: reading.head.revision.flatMap { ObjectID($0.commit) }, configuration.repository)
                plan = planner.plan(
                    reading, asOf: asOf,
                    brakes: Brakes(settings, allowedDeletes: said + agreed.numbers, unclear: agreed.unclear))
            }
            plan.directory = configuration.directory
            let inForce = reading.head.revision.map { _ in reading.head.settings ?? .standard }
            plan.settingsChange = SettingsChange(
                from: inForce, to: reading.settings, at: reading.settingsPlaces, below: configuration.directory)
            plan.impact = try facts?.impact(of: plan, reading)
            if fully, let state {
                plan.note(
                    altered: try state.alteredResources(), misplaced: try state.misplacedResources(),
                    declared: reading.declared, alteration: alteration,
                    schedules: try state.recordedSchedules(), settings: try state.alteredSettings(),
                    below: configuration.directory)
                if alteration != nil { try plan.noteRemoved(state) }
            }
            if let state { try plan.noteRedone(state) }
            plan.note(try state?.overrides(at: asOf) ?? [])
            return .plan(plan)
        }
    }
}
