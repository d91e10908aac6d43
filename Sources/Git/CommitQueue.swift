/// The commits still to be visited, the latest first; of equal times the one that came first.
struct CommitQueue {
    // Ascending, so that taking the next one is cheap.
    private var waiting: [Commit] = []
    private var known: Set<ObjectID> = []

    /// How many commits were ever put in.
    var count: Int { known.count }

    /// Whether `id` was ever put in.
    func contains(_ id: ObjectID) -> Bool { known.contains(id) }

    mutating func insert(_ commit: Commit) {
        guard known.insert(commit.id).inserted else { return }
        var low = 0
        var high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle].time < commit.time { low = middle + 1 } else { high = middle }
        }
        waiting.insert(commit, at: low)
    }

    mutating func next() -> Commit? { waiting.popLast() }
}
