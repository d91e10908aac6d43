import Apply
import Git
import Spec
import State
import Values

/// Plans against a baseline: the exact plan without the state. What resources were before is read from the repository,
/// at the commit that the baseline names.
struct BaselinePlanning {
    let configuration: Configuration
    let baseline: Baseline
    /// How many recorded events are routed again.
    let events: Int

    var head: AppliedHead { baseline.head }

    func plan(_ commit: ObjectID, asOf: Instant) throws -> PlanningOutcome {
        let loaded = try configuration.load(commit)
        let (committed, isHere) = try committed()
        // What is as the new commit says it needs no other source.
        let digests = Dictionary(baseline.resources.map { ($0.id, $0.digest) }) { first, _ in first }
        let inForce = committed.resources.filter { digests[$0.id] == $0.digest }
        let known = BaselineCatalog(baseline, committed: Catalog(inForce + loaded.catalog.resources))
        let outcome = CommitReader.whole(
            commit.text, below: configuration.directory, loaded, against: known.applied, program: ProgramIdentity.text)
        switch outcome {
        case .invalid(let diagnostics, let head): return .invalid(diagnostics, head)
        case .reading(let reading):
            func planned(_ agreed: AgreedDeletes? = nil) -> Plan {
                Planner(zones: SystemZones.database).plan(
                    reading, asOf: asOf,
                    brakes: Brakes(
                        baseline.settings.brake, allowedDeletes: agreed?.numbers ?? [], unclear: agreed?.unclear))
            }
            var plan = planned()
            // Messages are read only where they may matter.
            if plan.brake != nil {
                plan = planned(AgreedDeletes(commit, since: ObjectID(baseline.commit), configuration.repository))
            }
            plan.directory = configuration.directory
            plan.noteUntoldRedone(baseline.head)
            plan.settingsChange = SettingsChange(
                from: baseline.settings, to: reading.settings, at: reading.settingsPlaces,
                below: configuration.directory)
            guard known.unknown.isEmpty else {
                return .plan(plan.withoutContents(of: known.unknown, reason: reason(isHere), fix: fix(isHere)))
            }
            plan.impact = impact(of: plan, reading)
            return .plan(plan)
        }
    }

    private func reason(_ isHere: Bool) -> String {
        let commit = baseline.commit.prefix(12)
        return isHere
            ? "what is in force is not all that its commit \(commit) says (something is stale or was undone, or another version"
                + " of writ applied it)"
            : "the applied commit \(commit) is not in this clone"
    }

    private func fix(_ isHere: Bool) -> String {
        isHere
            ? "plan where the state is, and with the version of writ that serves"
            : "git fetch origin \(baseline.commit), or check out the whole history (fetch-depth: 0)"
    }

    /// The sound resources of the applied commit, and whether it is in this clone; where files stand elsewhere since, those
    /// of the commit that was followed last.
    private func committed() throws -> (Catalog, isHere: Bool) {
        let followed = try baseline.followed.flatMap { try catalog(of: $0) }
        let moved = followed?.resources ?? []
        if let followed, baseline.resources.allSatisfy({ followed[$0.id]?.digest == $0.digest }) {
            return (followed, true)
        }
        let applied = try catalog(of: baseline.commit)
        let known = Set(baseline.resources.map { "\($0.id) \($0.digest.text)" })
        let inForce = moved.filter { known.contains("\($0.id) \($0.digest.text)") }
        return (Catalog(inForce + (applied?.resources ?? [])), applied != nil)
    }

    /// Nil where the commit is not in this clone.
    private func catalog(of commit: String) throws -> Catalog? {
        guard let id = ObjectID(commit) else { return nil }
        do {
            return try configuration.repository.load(id, below: baseline.directory).catalog
        } catch let error as GitError {
            guard error.code == .noSuchRevision || error.code == .missingHistory || error.code == .corruptObject else {
                throw error
            }
            return nil
        } catch SourceError.noManifests, SourceError.allLeftOut, SourceError.noDirectory {
            return Catalog([])
        }
    }

    private func impact(of plan: Plan, _ reading: CommitReading) -> Impact {
        guard !plan.isEmpty else { return Impact(of: plan, reading, zones: SystemZones.database) }
        let reading = reading.keeping(plan.kept)
        var tester = Backtester(of: plan, reading)
        for event in baseline.recentEvents.prefix(events) { tester.add(event: event.id, event) }
        let touched = Set(plan.changes.compactMap(\.before?.id).filter { $0.kind == .trigger }.map(\.name))
        let recorded = RecordedFacts(
            runsInFlight: baseline.runsInFlight.filter { touched.contains($0.key) },
            catchUpRuns: ImpactFacts.catchUpRuns(plan) { baseline.cursors[$0] }, backtest: tester.result,
            suspensions: baseline.suspensions.filter { $0.holds(at: plan.asOf) })
        return Impact(of: plan, reading, zones: SystemZones.database, recorded: recorded)
    }
}
