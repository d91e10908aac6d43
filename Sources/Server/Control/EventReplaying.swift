/// Takes recorded events in once more.
package protocol EventReplaying: Sendable {
    /// Throws a `ManualRunRefusal` for what cannot be replayed.
    ///
    /// - Parameter trigger: the only one that hears of it; nil for all that match
    /// - Returns: the new event's id and those of its runs
    func takeAgain(_ event: String, to trigger: String?) throws -> (event: String, runs: [String])
}
