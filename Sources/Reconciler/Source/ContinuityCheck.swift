import Git
import Spec
import State

/// Whether a commit goes on from what is applied. Anything else needs a person's word: an older or unrelated commit
/// (fault B54), and another directory, whose manifests would take the place of all that is applied (fault C60).
struct ContinuityCheck {
    private let repository: SourceRepository
    private let directory: String
    private let followed: String?
    private let isServing: Bool

    /// - Parameters:
    ///   - followed: a commit without changes that was followed from what is applied
    ///   - isServing: whether this process holds the state, so that no other one can apply
    init(_ configuration: Configuration, followed: String? = nil, isServing: Bool = false) {
        repository = configuration.repository
        self.followed = followed
        self.isServing = isServing
        directory = configuration.directory
    }

    /// Nil where the manifests are read from where the applied ones were; otherwise why it may not be applied.
    func directoryProblem(from applied: AppliedHead) -> String? {
        guard let revision = applied.revision, revision.directory != directory else { return nil }
        func shown(_ directory: String) -> String { directory.isEmpty ? "the root" : quoted(directory) }
        return "revision \(revision.number) was read from \(shown(revision.directory)) of the repository, this is"
            + " \(shown(directory)): give the same --path; \(advice("`writ apply --allow-path-change`"))"
    }

    private func advice(_ command: String) -> String {
        isServing
            ? "if that is meant, stop `writ serve`, apply it with \(command), and start it again"
            : "apply it with \(command) if that is meant"
    }

    /// Nil where the commit may be applied; otherwise why not.
    func problem(_ commit: ObjectID, from applied: AppliedHead) throws -> String? {
        guard let revision = applied.revision, let last = ObjectID(revision.commit), last != commit,
            commit.text != followed
        else { return nil }
        let advice = advice("`writ apply --rev \(commit.shortText) --allow-rewind`")
        do {
            if try repository.isAncestor(last, of: commit) { return nil }
        } catch let error as GitError {
            switch error.code {
            case .missingHistory, .corruptObject, .noSuchRevision:
                return "the history between the applied commit \(last.shortText) and \(commit.shortText) is not here"
                    + ((try? repository.facts.isShallow) == true ? " (this is a shallow clone: fetch more of it)" : "")
                    + "; \(advice)"
            default: throw error
            }
        }
        return "commit \(commit.shortText) does not descend from the applied commit \(last.shortText); \(advice)"
    }

    /// The same, for who may say that it is meant.
    func problem(
        _ commit: ObjectID, from applied: AppliedHead, allowRewind: Bool, allowPathChange: Bool
    ) throws -> String? {
        if !allowPathChange, let problem = directoryProblem(from: applied) { return problem }
        return allowRewind ? nil : try problem(commit, from: applied)
    }
}
