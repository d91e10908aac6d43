import Synchronization

/// Tells whoever waits that something was committed, instead of their asking again and again.
final class ChangeSignal: Sendable {
    private struct Listeners {
        var next = 0
        var continuations: [Int: AsyncStream<Void>.Continuation] = [:]
        var isFinished = false
    }

    private let listeners = Mutex(Listeners())

    /// A new stream. Signals that come while nobody looks become one.
    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let key: Int? = listeners.withLock { listeners in
            guard !listeners.isFinished else { return nil }
            listeners.next += 1
            listeners.continuations[listeners.next] = continuation
            return listeners.next
        }
        if let key {
            continuation.onTermination = { [weak self] _ in
                self?.listeners.withLock { _ = $0.continuations.removeValue(forKey: key) }
            }
        } else {
            continuation.finish()
        }
        return stream
    }

    func send() {
        let all = listeners.withLock { Array($0.continuations.values) }
        for continuation in all { continuation.yield() }
    }

    /// Ends every stream.
    func finish() {
        let all = listeners.withLock { listeners in
            let all = Array(listeners.continuations.values)
            listeners.continuations = [:]
            listeners.isFinished = true
            return all
        }
        for continuation in all { continuation.finish() }
    }
}
