import Synchronization
import Values

/// Wakes one waiting loop. Signals that come while it is busy become one.
final class Wakeup: Sendable {
    private enum State {
        case idle
        case signalled
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    func signal() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .waiting(let waiter) = state {
                state = .idle
                return waiter
            }
            state = .signalled
            return nil
        }
        waiter?.resume()
    }

    /// Returns at the next signal, or if the task is cancelled. Only one task may wait.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state -> Bool in
                    if case .idle = state, !Task.isCancelled {
                        state = .waiting(continuation)
                        return false
                    }
                    state = .idle
                    return true
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            signal()
        }
    }

    /// Returns at the next signal, at `deadline`, when the clock was set back since it said `seen`, or if the task is
    /// cancelled.
    func wait(until deadline: Instant?, seen: Instant, _ clock: any RuntimeClock) async {
        guard let deadline else { return await wait() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await clock.sleep(until: deadline, seen: seen)
                    self.signal()
                } catch {
                    // Cancelled: something else has woken the loop.
                }
            }
            await wait()
            group.cancelAll()
        }
    }

    /// Signals for each element of `changes` until it ends or the task is cancelled.
    func follow(_ changes: AsyncStream<Void>) async {
        for await _ in changes { signal() }
        signal()
    }
}
