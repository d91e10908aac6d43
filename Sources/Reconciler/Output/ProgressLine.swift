import Apply
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One line on a terminal's standard error for work that takes longer than a second, gone when the work is done.
final class ProgressLine: Sendable {
    private enum State {
        case waiting
        case drawn
        case ended
    }

    private let what: Mutex<String>
    private let state = Mutex(State.waiting)

    init(_ what: String) {
        self.what = Mutex(displayed(what))
        Task.detached { [self] in await draw() }
    }

    /// Says something else from the next second on.
    func update(_ what: String) {
        self.what.withLock { $0 = displayed(what) }
    }

    private func draw() async {
        let start = ContinuousClock.now
        var seconds: Int64 = 0
        repeat {
            seconds += 1
            try? await Task.sleep(until: start + .seconds(seconds), clock: .continuous)
        } while show(seconds)
    }

    /// False when there is nothing to show any more.
    private func show(_ seconds: Int64) -> Bool {
        state.withLock { state in
            guard state != .ended else { return false }
            state = .drawn
            let what = what.withLock { $0 }
            Terminal.write("\r\u{1B}[K\(what) … \(seconds) s", to: STDERR_FILENO)
            return true
        }
    }

    func end() {
        state.withLock { state in
            if state == .drawn { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
            state = .ended
        }
    }
}
