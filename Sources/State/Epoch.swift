import Synchronization

/// Grows with each transaction that may have changed what is in force, so that who keeps a copy of that need not read
/// the state to know whether it still holds.
package final class Epoch: Sendable {
    private let count = Atomic<Int>(0)

    package var value: Int { count.load(ordering: .acquiring) }

    func advance() { count.add(1, ordering: .acquiringAndReleasing) }
}
