import Agents
import Synchronization
import TestSupport
import Testing

@Suite("Concurrency of a provider", .timeLimit(.minutes(1)))
struct ConcurrencyGatesTests {
    /// How many are in, and how many were at most.
    private final class Meter: Sendable {
        private let counts = Mutex((running: 0, most: 0, entered: 0))

        var most: Int { counts.withLock(\.most) }
        var entered: Int { counts.withLock(\.entered) }

        func change(by step: Int) {
            counts.withLock {
                $0.running += step
                $0.most = max($0.most, $0.running)
                if step > 0 { $0.entered += 1 }
            }
        }
    }

    /// Who came in first, and whether they may leave.
    private final class Door: Sendable {
        private let state = Mutex<(first: Int?, isOpen: Bool)>((nil, false))

        var first: Int? { state.withLock(\.first) }
        var isOpen: Bool { state.withLock(\.isOpen) }

        func enter(_ number: Int) {
            state.withLock { $0.first = $0.first ?? number }
        }

        func open() {
            state.withLock { $0.isOpen = true }
        }
    }

    private struct Cancelled: Error {}

    private func enter<Value: Sendable>(
        _ gates: ConcurrencyGates, _ name: String = "p", limit: Int,
        _ work: @escaping @Sendable () async -> Value
    ) async throws -> Value {
        try await gates.withPlace(of: name, limit: limit, orElse: Cancelled()) { () async throws(Cancelled) in
            await work()
        }
    }

    @Test("never lets in more than its limit, and everyone in the end")
    func limit() async throws {
        let gates = ConcurrencyGates()
        let meter = Meter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await enter(gates, limit: 3) {
                        meter.change(by: 1)
                        for _ in 0..<10 { await Task.yield() }
                        meter.change(by: -1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(meter.most <= 3)
        #expect(meter.entered == 50)
        #expect(gates.waiting(for: "p") == 0)
    }

    @Test("one who gives up leaves the queue, and those behind go in")
    func cancellation() async throws {
        let gates = ConcurrencyGates()
        let isOpen = Mutex(false)
        let first = Task {
            try await enter(gates, limit: 1) { try? await waitUntil { isOpen.withLock(\.self) } }
        }
        try await waitUntil("the first is in") { gates.running(for: "p") == 1 }
        #expect(try await enter(gates, "other", limit: 1) { true }, "another name has places of its own")
        let second = Task { try await enter(gates, limit: 1) { "second" } }
        try await waitUntil("the second waits") { gates.waiting(for: "p") == 1 }
        let third = Task { try await enter(gates, limit: 1) { "third" } }
        try await waitUntil("the third waits") { gates.waiting(for: "p") == 2 }
        second.cancel()
        await #expect(throws: Cancelled.self) { try await second.value }
        isOpen.withLock { $0 = true }
        #expect(try await third.value == "third")
        try await first.value
    }

    @Test("of three who come at once, the one who gives up is the one who leaves")
    func cancellationAtOnce() async throws {
        for round in 0..<50 {
            let gates = ConcurrencyGates()
            let name = "p\(round)"
            let door = Door()
            let tasks = (0..<3).map { number in
                Task {
                    try await enter(gates, name, limit: 1) {
                        door.enter(number)
                        try? await waitUntil { door.isOpen }
                    }
                }
            }
            try await waitUntil("one is in, two wait") {
                gates.running(for: name) == 1 && gates.waiting(for: name) == 2 && door.first != nil
            }
            let first = try #require(door.first)
            let last = first == 2 ? 1 : 2
            tasks[last].cancel()
            try await waitUntil("it leaves") { gates.waiting(for: name) == 1 }
            door.open()
            for (number, task) in tasks.enumerated() where number != last { try await task.value }
            await #expect(throws: Cancelled.self) { try await tasks[last].value }
        }
    }
}
