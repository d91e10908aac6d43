extension Run {
    /// The runs in the queue, found by an index that has no others.
    static let queue = "run INDEXED BY run_lane WHERE state = 'queued'"

    /// Holds for a run that is not in the queue. The indexes of states, agents and manifests have those alone, and SQLite
    /// uses them only where it is told so in these words.
    static let hasLeft = "state <> 'queued'"
}
