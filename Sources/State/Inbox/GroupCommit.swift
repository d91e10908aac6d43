import Dispatch
import Synchronization

/// Events that arrive while others are on their way to the disk wait for these, and then go together: the disk's speed
/// bounds how many transactions there are, not how many events.
package final class GroupCommit: Sendable {
    package typealias Outcome = Result<[Result<Acceptance, StateError>], StateError>

    private struct Waiting {
        let arrivals: [ReadyArrival]
        let place: AnswerPlace?
        let then: @Sendable (Outcome) -> Void
    }

    private struct Line {
        var waiting: [Waiting] = []
        var isWriting = false
        /// Requests of the transaction before.
        var last = 0

        /// What goes to the disk next. Of all who are under way, which is about those who wait and those who were just told,
        /// one half: the other half is worked on meanwhile. With all who wait, few would come while many are written, then
        /// many while these few are.
        mutating func next() -> [Waiting] {
            let half = (waiting.count + last + 1) / 2
            let group = Array(waiting.prefix(min(half, GroupCommit.group)))
            waiting.removeFirst(group.count)
            last = group.count
            if group.isEmpty { isWriting = false }
            return group
        }

        /// All who wait, who are not written.
        mutating func giveUp() -> [Waiting] {
            defer { waiting = [] }
            return waiting
        }
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

    /// The same, told to `then` at its place; without one on the thread that writes, which is not to be kept from the
    /// next group.
    package func accept(
        _ arrivals: [Arrival], at place: AnswerPlace? = nil, then: @escaping @Sendable (Outcome) -> Void
    ) {
        // Here, where others write theirs at the same time.
        let waiting = Waiting(arrivals: arrivals.map(ReadyArrival.init), place: place, then: then)
        enum Turn { case full, first, later }
        let turn = line.withLock { line -> Turn in
            guard line.waiting.count < Self.capacity else { return .full }
            line.waiting.append(waiting)
            defer { line.isWriting = true }
            return line.isWriting ? .later : .first
        }
        switch turn {
        case .full:
            tell([(waiting, .failure(StateError(.busy, "too many events wait to be stored: send it again later")))])
        case .first: queue.async { self.write() }
        case .later: break
        }
    }

    /// Until nobody waits any more.
    private func write() {
        while true {
            let group = line.withLock { $0.next() }
            guard !group.isEmpty else { return }
            do {
                let results = try store.accept(batches: group.map(\.arrivals))
                tell(zip(group, results).map { ($0, .success($1)) })
            } catch {
                // Whoever waits behind them has waited as long already for who keeps the state locked (fault D81).
                let others = error.code == .busy ? line.withLock { $0.giveUp() } : []
                tell((group + others).map { ($0, .failure(error)) })
            }
        }
    }

    private func tell(_ outcomes: [(Waiting, Outcome)]) {
        var answers = GatheredAnswers()
        for (waiting, outcome) in outcomes {
            guard let place = waiting.place else {
                waiting.then(outcome)
                continue
            }
            let then = waiting.then
            answers.add({ then(outcome) }, at: place)
        }
        answers.hand()
    }
}
