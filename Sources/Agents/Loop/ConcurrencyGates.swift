import Synchronization

/// Lets at most so many calls of one name go on at the same time; others wait in the order of their coming.
package final class ConcurrencyGates: Sendable {
    private struct Waiter {
        let id: Int
        let limit: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Gate {
        var running = 0
        var waiters: [Waiter] = []
    }

    private let gates = Mutex<[String: Gate]>([:])
    /// Of waiters, over all gates: a gate is gone when nobody is in it.
    private let lastID = Atomic<Int>(0)

    package init() {}

    /// Runs `work` when there is a place for it; throws `cancelled` if the task is cancelled before.
    ///
    /// - Parameter limit: what holds for this call; it may differ between revisions.
    package func withPlace<Value, Failure: Error>(
        of name: String, limit: Int, orElse cancelled: @autoclosure () -> Failure,
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard await enter(name, limit: limit) else { throw cancelled() }
        defer { leave(name) }
        return try await work()
    }

    /// Calls that wait for a place.
    package func waiting(for name: String) -> Int {
        gates.withLock { $0[name]?.waiters.count ?? 0 }
    }

    /// Calls that go on.
    package func running(for name: String) -> Int {
        gates.withLock { $0[name]?.running ?? 0 }
    }

    private func enter(_ name: String, limit: Int) async -> Bool {
        let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let answer = gates.withLock { gates -> Bool? in
                    // A task cancelled from here on finds its waiter, as its handler needs this lock.
                    if Task.isCancelled { return false }
                    var gate = gates[name] ?? Gate()
                    defer { gates[name] = gate }
                    if gate.running < limit, gate.waiters.isEmpty {
                        gate.running += 1
                        return true
                    }
                    gate.waiters.append(Waiter(id: id, limit: limit, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = gates.withLock { gates -> Waiter? in
                guard let place = gates[name]?.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return gates[name]?.waiters.remove(at: place)
            }
            waiter?.continuation.resume(returning: false)
            admit(name)
        }
    }

    private func leave(_ name: String) {
        gates.withLock { $0[name]?.running -= 1 }
        admit(name)
    }

    /// Lets those in for whom there is a place now.
    private func admit(_ name: String) {
        let admitted = gates.withLock { gates -> [Waiter] in
            guard var gate = gates[name] else { return [] }
            var admitted: [Waiter] = []
            while let first = gate.waiters.first, gate.running < first.limit {
                gate.running += 1
                admitted.append(gate.waiters.removeFirst())
            }
            let isIdle = gate.running == 0 && gate.waiters.isEmpty && admitted.isEmpty
            gates[name] = isIdle ? nil : gate
            return admitted
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }
}
