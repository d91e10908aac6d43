import Apply
import Git
import Spec
import State
import Values

/// Exactly what was approved: the same changes to the same resources, whatever else was merged meanwhile.
extension ApplyCommit {
    /// Says so where everything that a saved plan changes is in force already; then there is nothing to do.
    func isInForce(_ saved: SavedPlan, _ state: StateReader, _ configuration: Configuration) throws -> Bool {
        guard let revision = try state.latestRevision(), revision.directory == configuration.directory else {
            return false
        }
        let isSame = revision.commit == saved.commit && revision.undoes == nil
        guard try isSame || saved.isInForce(state) else { return false }
        if try output.isJSON {
            output.print(saved.unchanged(at: revision.number))
        } else if isSame {
            Terminal.result("Commit \(saved.commit.prefix(12)) is already applied as revision \(revision.number).")
        } else {
            Terminal.result(
                "Nothing to do: all that the saved plan changes is in force already, as of revision"
                    + " \(revision.number) (commit \(revision.commit.prefix(12))).")
        }
        return true
    }

    /// The commit whose plan is the saved one. It is the saved plan's own, unless something else was applied since that
    /// this does not descend from; then it is the head, where it changes exactly the same.
    func chosen(
        by saved: SavedPlan, _ configuration: Configuration, _ state: StateReader?
    ) throws -> (ObjectID, Plan) {
        let applied = try state?.appliedHead() ?? .nothing
        let (commit, problem) = try target(of: saved, configuration, applied)
        try verify(commit, configuration, applied)
        let planned = try checked(commit, configuration, state)
        guard planned.digest == saved.digest else { throw try outdated(saved, planned, state, problem) }
        guard saved.shows(planned) else {
            let altered = planned.drift.prefix(5).map(\.id.description).joined(separator: ", ")
            throw CommandFailure(
                altered.isEmpty
                    ? "the saved plan was edited: its fields are not what its changes do; make one with"
                        + " `writ plan --out`"
                    : "the saved plan does not show what would happen now: \(altered) altered behind writ's back since;"
                        + " make another one with `writ plan --out`", .refused
            ).of(commit, on: applied)
        }
        if let problem {
            // The digest is of resources: nobody agreed to other rules for later commits.
            guard saved.showsSettings(of: planned) else {
                throw CommandFailure(
                    "commit \(commit.shortText) changes what the saved plan says, and writ.yaml besides: plan again",
                    .refused
                ).of(commit, on: applied)
            }
            output.talk(
                "Commit \(commit.shortText) changes exactly what the saved plan says and is applied in its place:"
                    + " \(problem).")
        }
        guard saved.showsSettings(of: planned) else {
            throw CommandFailure(
                "the saved plan does not show what would change of the settings in \(Settings.fileName) now; make another"
                    + " one with `writ plan --out`", .refused
            ).of(commit, on: applied)
        }
        return (commit, planned)
    }

    /// - Returns: why it is not the saved plan's own commit, where it is another one
    private func target(
        of saved: SavedPlan, _ configuration: Configuration, _ applied: AppliedHead
    ) throws -> (ObjectID, String?) {
        let repository = configuration.repository
        if let name = revision.rev { return (try repository.resolve(name), nil) }
        let check = ContinuityCheck(configuration)
        let head = try? repository.resolve(revision.name)
        let refusal: String
        let reason: String
        var own: ObjectID?
        do {
            let commit = try repository.resolve(saved.commit)
            guard !allowRewind, let problem = try check.problem(commit, from: applied) else { return (commit, nil) }
            own = commit
            refusal = problem
            reason =
                "commit \(commit.shortText) does not go on from the applied commit"
                + " \(applied.revision?.commit.prefix(12) ?? "")"
        } catch let error as GitError {
            // Squashed and rebased branches leave nothing of the commit behind.
            guard error.code == .noSuchRevision || error.code == .missingHistory else { throw error }
            refusal = error.description
            reason = "commit \(saved.commit.prefix(12)) is not in this repository"
        }
        guard let head, head != own, try check.problem(head, from: applied) == nil else {
            let failure = CommandFailure(refusal, .refused)
            throw own.map { failure.of($0, on: applied) } ?? failure
        }
        return (head, reason)
    }

    /// Prints what the two plans do not have in common.
    private func outdated(
        _ saved: SavedPlan, _ planned: Plan, _ state: StateReader?, _ problem: String?
    ) throws -> CommandFailure {
        let difference = try PlanDifference(saved: saved.changes, current: planned) { id in
            try state?.resource(id)?.digest
        }
        if try output.isJSON {
            var object = planned.json.object ?? [:]
            var outdated = difference.json.object ?? [:]
            outdated["commit"] = .string(saved.commit)
            outdated["digest"] = .string(saved.digest.text)
            outdated["basis"] = saved.json["basis"]
            outdated["reason"] = problem.map(JSON.string)
            object["outdated"] = .object(outdated)
            object["applied"] = false
            output.print(.object(object))
        } else {
            let isGitHub = try output.format == .github
            let text = PlanDifferenceText.render(
                difference, heading: heading(saved, planned), color: output.isColored && !isGitHub)
            Terminal.result(isGitHub ? WorkflowCommands.group("Plan", text) : text)
        }
        let why = problem.map { "\($0), and " } ?? ""
        return CommandFailure(
            "the saved plan is out of date: \(why)applying commit \(planned.commit?.prefix(12) ?? "") would do"
                + " something else by now (\(planned.digest.text), not \(saved.digest.text)); plan again")
    }

    private func heading(_ saved: SavedPlan, _ planned: Plan) -> String {
        func words(_ commit: String?, _ basis: (revision: Int, commit: String?)) -> String {
            let from =
                basis.revision == 0 ? "nothing" : "revision \(basis.revision) (\(basis.commit?.prefix(12) ?? ""))"
            return "commit \(commit?.prefix(12) ?? "") from \(from)"
        }
        let basis = saved.json["basis"]
        let then = words(saved.commit, (basis?["revision"]?.int ?? 0, basis?["commit"]?.string))
        return
            "The saved plan is of \(then). Now, \(words(planned.commit, (planned.basis.revision, planned.basis.commit)))"
            + " would be different:"
    }
}
