import Spec
import State
import Values

/// How many runs are taken in a second while so many wait, of ten agents: one at a time, each in a transaction that is
/// on the disk, and sixteen at a time.
enum ClaimBenchmark {
    private static let agents = (0..<10).map { "agent-\($0)" }
    private static let rounds = 200

    static func run(waiting: Int) throws {
        let state = try BenchmarkState()
        defer { state.remove() }
        try state.apply([BenchmarkState.provider] + agents.map(BenchmarkState.agent))
        try fill(state, waiting)
        for limit in [1, 16] {
            let clock = ContinuousClock()
            var total = Duration.zero
            var claimed = 0
            for _ in 0..<rounds {
                let now = BenchmarkState.now()
                let start = clock.now
                let runs = try state.store.claim(
                    now: now, owner: "bench", leaseFor: .seconds(60), limit: limit, concurrency: { _ in 1_000 })
                total += clock.now - start
                claimed += runs.count
                // As many wait again, and none runs.
                for run in runs { try state.store.release(run.lease, at: now) }
            }
            RuntimeBenchmark.tell("claims-\(limit)", Double(claimed) / (total / .seconds(1)))
        }
    }

    private static func fill(_ state: BenchmarkState, _ count: Int) throws {
        let now = BenchmarkState.now()
        var left = count
        while left > 0 {
            let some = min(left, 1_000)
            _ = try state.store.accept(
                (0..<some).map { number in
                    Arrival(
                        NewEvent(endpoint: "bench", name: "push", source: "bench", payload: [:], receivedAt: now),
                        runs: [NewRun(target: .agent(agents[number % agents.count]), revision: 1, notBefore: now)])
                })
            left -= some
        }
    }
}
