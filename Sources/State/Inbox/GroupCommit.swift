import Dispatch
import Synchronization

/// Events that arrive while others are on their way to the disk wait for these, and then go together: the disk's speed
/// bounds how many transactions there are, not how many events.
package final class GroupCommit: Sendable {
    private struct Waiting {
        let arrivals: [ReadyArrival]
        let then: @Sendable (Result<[Result<Acceptance, StateError>], StateError>) -> Void
    }

    private struct Line {
        var waiting: [Waiting] = []
        var isWriting = false
    }

    private let store: StateStore
    private let line = Mutex(Line())
    /// Writing takes a thread of its own: the cooperative ones belong to the requests.
    private let queue = DispatchQueue(label: "writ.group-commit")

    /// Requests that wait; more are told to come again.
    private static let capacity = 10_000
    /// Requests of one transaction.
    private static let group = 256

    package init(_ store: StateStore) {
        self.store = store
    }

    /// Returns when all of it is on the disk, or told to be a duplicate, or why it is not: a request's events are stored
    /// together or not at all. Throws where nobody's are.
    package func accept(_ arrivals: [Arrival]) async throws(StateError) -> [Result<Acceptance, StateError>] {
        let result = await withCheckedContinuation { continuation in
            accept(arrivals) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// The same, told to `then`: on the thread that writes, which is not to be kept from the next group.
    package func accept(
        _ arrivals: [Arrival], then: @escaping @Sendable (Result<[Result<Acceptance, StateError>], StateError>) -> Void
    ) {
        // Here, where others write theirs at the same time.
        let waiting = Waiting(arrivals: arrivals.map(ReadyArrival.init), then: then)
        enum Turn { case full, first, later }
        let turn = line.withLock { line -> Turn in
            guard line.waiting.count < Self.capacity else { return .full }
            line.waiting.append(waiting)
            defer { line.isWriting = true }
            return line.isWriting ? .later : .first
        }
        switch turn {
        case .full: then(.failure(StateError(.busy, "too many events wait to be stored: send it again later")))
        case .first: queue.async { self.write() }
        case .later: break
        }
    }

    /// Until nobody waits any more.
    private func write() {
        while true {
            let group = line.withLock { line -> [Waiting] in
                let group = Array(line.waiting.prefix(Self.group))
                line.waiting.removeFirst(group.count)
                if group.isEmpty { line.isWriting = false }
                return group
            }
            guard !group.isEmpty else { return }
            do {
                let results = try store.accept(batches: group.map(\.arrivals))
                for (waiting, own) in zip(group, results) { waiting.then(.success(own)) }
            } catch {
                for waiting in group { waiting.then(.failure(error)) }
            }
        }
    }
}
