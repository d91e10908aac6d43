import Apply
import Git

/// How many deletions messages agree to: the trailers of a commit and of all that come with it since what is applied. Each
/// number is exact, so that one that was meant for a part lets nothing else through.
struct AgreedDeletes {
    /// Of each commit at most one.
    private(set) var numbers: [Int] = []
    /// What a message says that agrees to nothing.
    private(set) var unclear: String?

    /// - Parameter base: what is applied
    init(_ id: ObjectID, since base: ObjectID?, _ repository: SourceRepository) {
        // A commit that a shallow clone lacks says nothing.
        guard let commit = try? repository.commit(id) else { return }
        let range = base.flatMap { try? CommitRange(from: $0, to: commit, repository).commits }
        for commit in range ?? Self.tips(commit, repository) { add(commit) }
    }

    /// Commits merged at once that are looked at.
    private static let limit = 8

    /// Where it cannot be told what came: the commit, and for a merge what was merged.
    private static func tips(_ commit: Commit, _ repository: SourceRepository) -> [Commit] {
        [commit] + commit.parents.dropFirst().prefix(limit).compactMap { try? repository.commit($0) }
    }

    /// Several numbers would let through whichever of them comes true.
    private mutating func add(_ commit: Commit) {
        let values = commit.trailers(BrakeFinding.trailer)
        guard let first = values.first else { return }
        let isOne = values.allSatisfy { $0 == first }
        if isOne, let number = Int(first), number > 0, String(number) == first {
            numbers.append(number)
        } else if unclear == nil {
            let said = values.prefix(5).map { "`\($0.prefix(40))`" }.joined(separator: " and ")
            unclear =
                "commit \(commit.id.shortText) says \(BrakeFinding.trailer): \(said),"
                + (isOne ? " which is no number" : " of which only one can be meant")
        }
    }
}
