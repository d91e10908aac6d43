import Git
import Spec
import State
import Values

/// Whether a commit is the one that `writ undo` took back last: it is not applied again by itself, until the branch moves
/// (DESIGN.md rule 12).
enum UndoneCommit {
    /// For who looks at the branch.
    static func note(_ commit: ObjectID, _ applied: AppliedHead) -> String? {
        guard let revision = undoing(commit, applied), let undone = revision.undoes else { return nil }
        return "revision \(revision.number) undid \(undone): commit \(commit.shortText) is not applied again until the"
            + " branch moves"
    }

    /// Why it is not applied; nil where it may be.
    static func problem(_ commit: ObjectID, _ applied: AppliedHead) -> String? {
        guard let revision = undoing(commit, applied), let undone = revision.undoes else { return nil }
        // A baseline tells neither.
        let who = revision.actor.isEmpty ? "" : " (\(revision.actor), \(revision.createdAt.rfc3339))"
        return
            "commit \(commit.shortText) was in force when revision \(revision.number) undid \(undone)\(who): change the repository, or apply it all the same"
            + " with `writ apply --rev \(commit.shortText)`, a saved plan with `--allow-undone`"
    }

    static func check(_ commit: ObjectID, _ applied: AppliedHead) throws {
        if let problem = problem(commit, applied) { throw CommandFailure(problem, .undone).of(commit, on: applied) }
    }

    private static func undoing(_ commit: ObjectID, _ applied: AppliedHead) -> State.Revision? {
        applied.revision.flatMap { $0.undoes != nil && $0.commit == commit.text ? $0 : nil }
    }
}
