import Runtime
import State
import Synchronization
import TestSupport
import Testing
import Values

@Suite("Many runs that fail", .timeLimit(.minutes(1)))
struct RetryStormTests {
    private let fixture: RuntimeFixture

    init() throws {
        fixture = try RuntimeFixture(RuntimeFixture.manifests(agents: ["brief", "other"]))
    }

    @Test func `Runs that fail together do not come back together (fault E92)`() async throws {
        let count = 400
        let now = fixture.clock.now()
        _ = try fixture.store.accept(
            (0..<count).map { number in
                Arrival(
                    NewEvent(endpoint: "manual", name: "manual", source: "manual", payload: [:], receivedAt: now),
                    runs: [
                        NewRun(
                            target: .agent(number % 2 == 0 ? "brief" : "other"), revision: 1, maxAttempts: 2,
                            notBefore: now)
                    ])
            })
        let random = Mutex(SeededRandom(92))
        let workers = Workers(
            RunWorker(
                store: fixture.store, catalogs: fixture.catalogs,
                executor: FakeExecutor.answering(.failure("down", isRetryable: true)), clock: fixture.clock,
                random: { random.withLock { Double.random(in: 0..<1, using: &$0) } }, metrics: fixture.metrics,
                logger: fixture.logger), owner: "one")
        @Sendable func tried() throws -> [Run] {
            try fixture.reader.runs(Page(limit: 500), RunFilter(state: .queued)).items.filter { $0.attempt == 1 }
        }
        // Those that are due at once would be tried again at once: none is before a millisecond has passed.
        try await running(workers) { _ in
            try await waitUntil("the first attempts", timeout: .seconds(50)) { try tried().count >= count - 5 }
        }
        var seconds: [Int64: Int] = [:]
        for run in try tried() { seconds[run.notBefore.duration(since: now).milliseconds / 1_000, default: 0] += 1 }
        #expect(Set(seconds.keys) == Set(0..<10))
        #expect(try #require(seconds.values.max()) < 2 * count / 10)
    }
}
