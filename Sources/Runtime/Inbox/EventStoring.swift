import State

/// Stores events that arrive at the same time.
package protocol EventStoring: Sendable {
    /// Returns when all of it is on the disk, or told to be a duplicate or not to be stored. Throws where nothing is.
    func accept(_ arrivals: [Arrival]) async throws(StateError) -> [Result<Acceptance, StateError>]
}

extension GroupCommit: EventStoring {}
