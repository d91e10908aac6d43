import Git

/// The commits that one has behind it and another has not, the latest first, as `git rev-list FROM..TO` lists them.
struct CommitRange {
    private(set) var commits: [Commit] = []

    private static let limit = 100

    /// Throws where one of them is not here, and where they are more than is looked at.
    init(from base: ObjectID, to last: Commit, _ repository: SourceRepository) throws {
        var seen: Set<ObjectID> = [last.id]
        var old: Set<ObjectID> = [base]
        var queue = [last]
        if seen.insert(base).inserted { queue.append(try repository.commit(base)) }
        // By their times, so that of a commit that both have the older side knows first.
        while queue.contains(where: { !old.contains($0.id) }) {
            queue.sort { ($0.time, $0.id.text) < ($1.time, $1.id.text) }
            guard let next = queue.popLast() else { return }
            let isOld = old.contains(next.id)
            if !isOld { commits.append(next) }
            guard seen.count <= 2 * Self.limit, commits.count <= Self.limit else {
                throw CommandFailure("there are over \(Self.limit) commits since \(base.shortText)")
            }
            for parent in next.parents {
                if isOld { old.insert(parent) }
                if seen.insert(parent).inserted { queue.append(try repository.commit(parent)) }
            }
        }
        // What was found before its older side was.
        commits.removeAll { old.contains($0.id) }
    }
}
