import State

/// Stores events that arrive at the same time.
package protocol EventStoring: Sendable {
    /// Calls `then` once, on any thread, when all of it is on the disk, or told to be a duplicate; where one of them cannot
    /// be stored none is, and that one says why. With an error where nothing of anybody is. Whoever calls it waits for `then` to return.
    func accept(
        _ arrivals: [Arrival], then: @escaping @Sendable (Result<[Result<Acceptance, StateError>], StateError>) -> Void)
}

extension GroupCommit: EventStoring {}
