import State
import Values

extension Applier {
    /// Takes something back, in one new revision. It stands at the commit that the branch was at, so that the branch
    /// goes on from there and that commit is not applied again by itself.
    ///
    /// Throws `StateError.moved` when a resource is not as the plan saw it any more.
    package func undo(_ undo: Undo, actor: String, at now: Instant) throws(StateError) -> Outcome {
        try apply(
            undo.plan, commit: undo.commit, branch: undo.branch, directory: undo.directory, actor: actor, at: now,
            continuing: undo.cursors)
    }
}
