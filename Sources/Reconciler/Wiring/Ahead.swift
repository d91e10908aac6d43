import Dispatch
import Synchronization

/// Something that is worked out on another thread until it is asked for; by who asks for it, where no thread came to it.
final class Ahead<Value: Sendable>: Sendable {
    private struct State {
        var isBegun = false
        var value: Value?
    }

    private let state = Mutex(State())
    private let done = DispatchGroup()
    private let make: @Sendable () -> Value

    init(_ make: @escaping @Sendable () -> Value) {
        self.make = make
        done.enter()
        DispatchQueue.global().async { self.begin() }
    }

    var value: Value {
        begin()
        done.wait()
        guard let value = state.withLock({ $0.value }) else {
            preconditionFailure("what was done has no value: a bug in writ")
        }
        return value
    }

    /// The first who calls it does the work.
    private func begin() {
        let isFirst = state.withLock { state in
            defer { state.isBegun = true }
            return !state.isBegun
        }
        guard isFirst else { return }
        let value = make()
        state.withLock { $0.value = value }
        done.leave()
    }
}
