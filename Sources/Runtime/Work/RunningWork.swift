import Synchronization

/// The items under way and their tasks.
final class RunningWork<Item: Sendable>: Sendable {
    struct Entry: Sendable {
        let item: Item
        let task: Task<Void, Never>
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
            table.entries[key] = Entry(item: item, task: task)
        }
    }

    private func remove(_ key: Int) {
        table.withLock { _ = $0.entries.removeValue(forKey: key) }
    }
}
