import State

/// Stores events that arrive at the same time.
package protocol EventStoring: Sendable {
    /// Calls `then` once, at its place, when all of it is on the disk, or told to be a duplicate; where one of them cannot
    /// be stored none is, and that one says why. With an error where nothing of anybody is. Without a place it is called
    /// on any thread, which is not to be kept.
    func accept(_ arrivals: [Arrival], at place: AnswerPlace?, then: @escaping @Sendable (GroupCommit.Outcome) -> Void)
}

extension GroupCommit: EventStoring {}
