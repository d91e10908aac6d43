import Git
import State

/// Whether a commit follows the applied one: going back to an older one needs a person's word (fault B54).
struct RewindCheck {
    private let repository: Git.Repository

    init(_ repository: Git.Repository) {
        self.repository = repository
    }

    /// Nil where the commit may be applied; otherwise why not.
    func problem(_ commit: ObjectID, from applied: AppliedState) throws(GitError) -> String? {
        guard let revision = applied.revision, let last = ObjectID(revision.commit), last != commit else { return nil }
        let advice = "apply it with `writ apply --rev \(commit.shortText) --allow-rewind` if that is meant"
        do {
            if try repository.isAncestor(last, of: commit) { return nil }
        } catch {
            switch error.code {
            case .missingHistory, .corruptObject, .noSuchRevision:
                return "the history between the applied commit \(last.shortText) and \(commit.shortText) is not here"
                    + (repository.isShallow ? " (this is a shallow clone: fetch more of it)" : "") + "; \(advice)"
            default: throw error
            }
        }
        return "commit \(commit.shortText) does not descend from the applied commit \(last.shortText); \(advice)"
    }

    func check(_ commit: ObjectID, from applied: AppliedState, isAllowed: Bool) throws {
        guard !isAllowed, let problem = try problem(commit, from: applied) else { return }
        throw CommandFailure(problem)
    }
}
