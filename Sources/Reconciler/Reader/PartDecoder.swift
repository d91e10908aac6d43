import Dispatch
import Spec
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Decodes pieces of a catalog on other threads while more of them come: by the time the last one is there, most is done.
final class PartDecoder: Sendable {
    private struct State {
        /// Pieces are handed on in batches, numbered so that their order is kept.
        var next: [RawPart] = []
        var waiting: [(number: Int, parts: [RawPart])] = []
        var batches = 0
        var workers = 0
        var decoded: [Int: CatalogParts] = [:]
        var isNonsense = false
    }

    private let state = Mutex(State())
    /// Of those who are at a batch. A worker that has not begun is not waited for: there may be no thread for it.
    private let busy = DispatchGroup()

    private static let batch = 64
    /// Whoever takes the pieces in is one more.
    private static let workers = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) - 1)

    /// False once something was no piece of a catalog.
    func add(_ part: RawPart) -> Bool {
        let (isSound, starts) = state.withLock { state in
            state.next.append(part)
            guard state.next.count == Self.batch else { return (!state.isNonsense, false) }
            Self.close(&state)
            guard state.workers < Self.workers else { return (!state.isNonsense, false) }
            state.workers += 1
            return (!state.isNonsense, true)
        }
        if starts {
            DispatchQueue.global().async {
                while self.decodeOne(asWorker: true) {}
            }
        }
        return isSound
    }

    /// All of them, in the order in which they came; nil where one was none.
    func finish() -> (resources: [Resource], files: [SourceFile])? {
        state.withLock { Self.close(&$0) }
        while decodeOne(asWorker: false) {}
        busy.wait()
        return state.withLock { state in
            guard !state.isNonsense else { return nil }
            let parts = (0..<state.batches).compactMap { state.decoded[$0] }
            return (parts.flatMap(\.resources), parts.flatMap(\.files))
        }
    }

    /// What was given so far is of no use.
    func cancel() { state.withLock { $0.waiting = [] } }

    private static func close(_ state: inout State) {
        guard !state.next.isEmpty else { return }
        state.waiting.append((state.batches, state.next))
        state.batches += 1
        state.next = []
        state.next.reserveCapacity(batch)
    }

    /// False where nothing waits any more.
    private func decodeOne(asWorker: Bool) -> Bool {
        let next = state.withLock { state in
            let next = state.waiting.popLast()
            if next != nil { busy.enter() } else if asWorker { state.workers -= 1 }
            return next
        }
        guard let (number, parts) = next else { return false }
        defer { busy.leave() }
        let decoded = CatalogParts(parts)
        state.withLock { state in
            state.decoded[number] = decoded
            if decoded == nil { state.isNonsense = true }
        }
        return true
    }
}
