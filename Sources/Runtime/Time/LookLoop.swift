import State
import Values

extension StateStore {
    /// Calls `look` at once, and again whenever something changed in the state or the instant has come that it returned,
    /// until the task is cancelled or it throws.
    func lookAgain(
        _ clock: any RuntimeClock, isolation: isolated (any Actor)? = #isolation,
        _ look: () async throws -> Instant?
    ) async throws {
        let wakeup = Wakeup()
        let changes = changes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await wakeup.follow(changes) }
            while !Task.isCancelled {
                let next = try await look()
                if !Task.isCancelled { await wakeup.wait(until: next, clock) }
            }
            group.cancelAll()
        }
    }
}
