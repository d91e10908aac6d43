import Spec
import State
import Synchronization
import Values

/// Purges what was deleted long ago, by a clock that is not believed at once.
final class Purging: Sendable {
    private let time = Mutex(RemovalTime())
    private let start = ContinuousClock.now

    /// - Parameter now: the wall clock
    /// - Returns: what was purged
    func purge(_ store: StateStore, at now: Instant) throws(StateError) -> [ResourceID] {
        let steady = start.duration(to: .now)
        let old = try time.withLock { (time) throws(StateError) -> Instant? in
            try time.time(now, steady: steady, newest: store.reader.newestRecord)
        }
        guard let old else { return [] }
        return try store.purgeTombstones(now: old)
    }
}
