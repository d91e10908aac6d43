import Synchronization
import Values

/// The items under way and their tasks.
final class RunningWork<Item: Sendable>: Sendable {
    struct Entry: Sendable {
        let key: Int
        let item: Item
        let task: Task<Void, Never>
        /// When it was told to end.
        var cancelledAt: Instant?
    }

    private struct Table {
        var next = 0
        var entries: [Int: Entry] = [:]
    }

    private let table = Mutex(Table())

    var count: Int { table.withLock { $0.entries.count } }
    var entries: [Entry] { table.withLock { Array($0.entries.values) } }

    /// Starts the work on an item; `onEnd` is called when it is off the table.
    func start(
        _ item: Item, _ work: @escaping @Sendable (Item) async -> Void, onEnd: @escaping @Sendable () -> Void
    ) {
        table.withLock { table in
            table.next += 1
            let key = table.next
            // The task cannot take itself off before it is on: that needs the lock, too.
            let task = Task {
                await work(item)
                self.remove(key)
                onEnd()
            }
            table.entries[key] = Entry(key: key, item: item, task: task)
        }
    }

    /// Tells an item's work to end.
    func cancel(_ entry: Entry, at now: Instant) {
        table.withLock { table in
            if table.entries[entry.key]?.cancelledAt == nil { table.entries[entry.key]?.cancelledAt = now }
        }
        entry.task.cancel()
    }

    /// What was told to end by a clock that was ahead has the same time as what is told now.
    func followClock(to now: Instant) {
        table.withLock { table in
            for (key, entry) in table.entries {
                table.entries[key]?.cancelledAt = entry.cancelledAt.map { min($0, now) }
            }
        }
    }

    /// When the first item was told to end of those that did not.
    var firstCancellation: Instant? { table.withLock { $0.entries.values.compactMap(\.cancelledAt).min() } }

    /// Takes items off the table that were told to end by then and did not: what they come to counts no more, and their
    /// places are others'.
    func abandon(cancelledBy limit: Instant) -> [Item] {
        table.withLock { table in
            let gone = table.entries.values.filter { entry in entry.cancelledAt.map { $0 <= limit } ?? false }
            for entry in gone { table.entries[entry.key] = nil }
            return gone.map(\.item)
        }
    }

    private func remove(_ key: Int) {
        table.withLock { _ = $0.entries.removeValue(forKey: key) }
    }
}
