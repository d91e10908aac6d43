import ServiceLifecycle
import Synchronization

/// Holds back who waits until it is opened, once and for all.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [AsyncStream<Never>.Continuation] = []
    }

    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = true
            return state.waiting
        }
        for continuation in waiting { continuation.finish() }
    }

    /// Returns when it is open, or the task is cancelled.
    ///
    /// - Returns: whether it is open
    func wait() async -> Bool {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        state.withLock { state in
            if state.isOpen { continuation.finish() } else { state.waiting.append(continuation) }
        }
        for await _ in stream {}
        return state.withLock { $0.isOpen }
    }
}

/// A service that begins when a gate is opened; told to stop before, it never begins.
struct GatedService: Service {
    let service: any Service
    let gate: Gate

    func run() async throws {
        guard await cancelWhenGracefulShutdown({ await gate.wait() }) else { return }
        try await service.run()
    }
}
