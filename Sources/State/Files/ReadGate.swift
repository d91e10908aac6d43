import Dispatch
import Synchronization

/// Keeps a state's connections open while somebody reads by them: one that is closed under a read ends the process.
final class ReadGate: Sendable {
    private let isOpen = Mutex(true)
    private let readers = DispatchGroup()

    /// Runs `body` unless the gate is closed; then it throws `closed`.
    func pass<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        // Counted before anybody who closes can see that nobody reads.
        let isAdmitted = isOpen.withLock { isOpen in
            if isOpen { readers.enter() }
            return isOpen
        }
        guard isAdmitted else { throw StateError(.closed, "the state \(path) is closed: this is a bug in writ") }
        defer { readers.leave() }
        return try body()
    }

    /// Lets nobody in any more, and returns when those who read are done. Not from within a read.
    func close() {
        isOpen.withLock { $0 = false }
        readers.wait()
    }
}
