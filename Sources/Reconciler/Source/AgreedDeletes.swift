import Apply
import Git

/// How many deletions a commit's message agrees to: its own trailers, and for a merge those of what was merged.
struct AgreedDeletes {
    /// Of each commit at most one.
    private(set) var numbers: [Int] = []
    /// What a message says that agrees to nothing.
    private(set) var unclear: String?

    /// Commits merged at once that are looked at.
    private static let limit = 8

    init(_ id: ObjectID, _ repository: SourceRepository) {
        // A parent that a shallow clone lacks says nothing.
        guard let commit = try? repository.commit(id) else { return }
        add(commit)
        for parent in commit.parents.dropFirst().prefix(Self.limit) {
            if let merged = try? repository.commit(parent) { add(merged) }
        }
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
