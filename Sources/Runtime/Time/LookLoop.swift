import State
import Values

extension StateStore {
    /// Calls `look` at once, and again whenever something changed in the state or the instant has come that it returned,
    /// until the task is cancelled or it throws.
    ///
    /// - Parameter wakeup: for who wants a look at once for other reasons
    func lookAgain(
        _ clock: any RuntimeClock, _ wakeup: Wakeup = Wakeup(), isolation: isolated (any Actor)? = #isolation,
        _ look: () async throws -> Instant?
    ) async throws {
        let changes = changes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await wakeup.follow(changes) }
            while !Task.isCancelled {
                let seen = clock.now()
                let next = try await look()
                if !Task.isCancelled { await wakeup.wait(until: next, seen: seen, clock) }
            }
            group.cancelAll()
        }
    }
}
