import Values

/// The right to work on one run or one delivery for a while. A lease that was taken away completes nothing
/// (fault E90).
package struct Lease: Sendable, Hashable {
    /// Of the run or the delivery.
    package let id: String
    /// The process that took it: an id that no other start of writ has.
    package let owner: String
    /// The fence: how often the run or delivery was taken, this time counted.
    package let number: Int
    package let attempt: Int

    init(id: String, owner: String, number: Int, attempt: Int) {
        self.id = id
        self.owner = owner
        self.number = number
        self.attempt = attempt
    }

    var arguments: Arguments { ["id": id, "owner": owner, "lease": number] }

    /// Holds in an UPDATE while the lease does.
    static let fence = "id = :id AND lease = :lease AND lease_owner = :owner"

    var stale: StateError {
        StateError(
            .staleLease,
            "\(id) was cancelled, given back or taken over meanwhile: this result of attempt \(attempt) is not recorded"
        )
    }
}

/// A run that a worker has taken.
package struct ClaimedRun: Sendable, Hashable {
    package let run: Run
    package let input: JSON?
    package let lease: Lease
}
