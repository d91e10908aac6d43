import Values

/// The commits still to be visited, the latest first; of equal times the one that came first.
package struct CommitQueue {
    // Ascending, so that taking the next one is cheap.
    private var waiting: [Commit] = []
    private var known: Set<ObjectID> = []

    package init() {}

    /// How many commits were ever put in.
    package var count: Int { known.count }

    /// Whether `id` was ever put in.
    package func contains(_ id: ObjectID) -> Bool { known.contains(id) }

    package mutating func insert(_ commit: Commit) {
        guard known.insert(commit.id).inserted else { return }
        var low = 0
        var high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle].time < commit.time { low = middle + 1 } else { high = middle }
        }
        waiting.insert(commit, at: low)
    }

    package mutating func next() -> Commit? { waiting.popLast() }

    /// The next one that is no older than `time`.
    package mutating func next(since time: Instant) -> Commit? {
        guard let last = waiting.last, last.time >= time else { return nil }
        return waiting.popLast()
    }
}
