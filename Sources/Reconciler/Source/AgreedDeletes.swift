import Apply
import Git

/// How many deletions a commit's message agrees to: its own trailers, and for a merge those of what was merged.
enum AgreedDeletes {
    /// Commits merged at once that are looked at.
    private static let limit = 8

    static func numbers(_ id: ObjectID, _ repository: SourceRepository) -> [Int] {
        // A parent that a shallow clone lacks says nothing.
        guard let commit = try? repository.commit(id) else { return [] }
        let merged = commit.parents.dropFirst().prefix(Self.limit).compactMap { try? repository.commit($0) }
        return ([commit] + merged).flatMap { $0.trailers(BrakeFinding.trailer) }.compactMap { Int($0) }
    }
}
