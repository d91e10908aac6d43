import Runtime
import Synchronization
import Values

/// A clock that a test moves. Sleepers wake when it passes their time or is set back, and never by
/// themselves.
final class ManualClock: RuntimeClock {
    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Instant
        var steady = Duration.zero
        var next = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        /// Those who wait for the clock to be set, to whatever time.
        var watchers: Set<Int> = []
    }

    private let state: Mutex<State>

    init(_ now: Instant) {
        state = Mutex(State(now: now))
    }

    func now() -> Instant { state.withLock { $0.now } }

    func steady() -> Duration { state.withLock { $0.steady } }

    /// How many wait for the clock to be set.
    var watchers: Int { state.withLock { $0.watchers.count } }

    func glance() async throws { try await sleep(until: nil, seen: nil) }

    /// Deadlines that somebody waits for, the nearest first.
    var deadlines: [Instant] {
        state.withLock { state in
            state.sleepers.filter { !state.watchers.contains($0.key) }.values.map(\.deadline).sorted()
        }
    }

    /// Lets the time pass until then, or sets the clock back, which wakes everybody.
    func set(_ now: Instant) {
        state.withLock { $0.steady += max(.zero, now.duration(since: $0.now)) }
        leap(to: now)
    }

    /// Sets the clock without time passing.
    func leap(to now: Instant) {
        let woken = state.withLock { state -> [Sleeper] in
            let isSetBack = now < state.now
            state.now = now
            let due = state.sleepers.filter {
                isSetBack || $0.value.deadline <= now || state.watchers.contains($0.key)
            }
            for key in due.keys { state.sleepers[key] = nil }
            state.watchers = []
            return Array(due.values)
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    func advance(_ duration: Duration) { set(now().advanced(by: duration)) }

    func sleep(until deadline: Instant, seen: Instant) async throws {
        try await sleep(until: Optional(deadline), seen: seen)
    }

    /// - Parameter deadline: nil for the next time that the clock is set
    private func sleep(until deadline: Instant?, seen: Instant?) async throws {
        let key = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.cancelled.remove(key) != nil { return true }
                    if let deadline, state.now >= deadline { return true }
                    if let seen, state.now < seen { return true }
                    if deadline == nil { state.watchers.insert(key) }
                    state.sleepers[key] = Sleeper(
                        deadline: deadline ?? Instant(milliseconds: .max), continuation: continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                let sleeper = state.sleepers.removeValue(forKey: key)
                state.watchers.remove(key)
                if sleeper == nil { state.cancelled.insert(key) }
                return sleeper
            }
            sleeper?.continuation.resume()
        }
        try Task.checkCancellation()
    }
}
