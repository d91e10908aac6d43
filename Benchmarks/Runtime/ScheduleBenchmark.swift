import Foundation
import Logging
import Runtime
import Spec
import State
import Synchronization
import Values

/// What so many schedules cost: how long after the start of the service all of them wait for their times, and what they
/// take of memory and processor while nothing is due.
enum ScheduleBenchmark {
    private static let idle = Duration.seconds(10)
    private static let zone = "Europe/Berlin"

    private static func cron(_ number: Int) -> String { "\(number % 60) \(number / 60 % 24) 1 1 *" }

    /// Makes the state that is measured, in a process of its own.
    static func apply(count: Int, in directory: String) throws {
        let state = try BenchmarkState(directory: URL(fileURLWithPath: directory))
        let now = BenchmarkState.now()
        let names = (0..<count).map { "schedule-\($0)" }
        try state.apply(
            [BenchmarkState.provider, BenchmarkState.agent("agent-0")]
                + names.enumerated().map { number, name in
                    // Far enough away that none is due while it is measured, all over the day.
                    BenchmarkState.manifest(
                        "Trigger", name,
                        [
                            "agent": "agent-0",
                            "schedule": [
                                "cron": .string(Self.cron(number)), "timeZone": .string(Self.zone),
                            ],
                        ])
                },
            cursors: names.map { ScheduleCursor(trigger: $0, instant: now, specDigest: Digest(of: "spec".utf8)) },
            // As an apply records it.
            upcoming: Dictionary(
                uniqueKeysWithValues: try names.enumerated().map { number, name in
                    let cron = try CronExpression(Self.cron(number))
                    let zone = try BenchmarkState.zones.zone(named: Self.zone)
                    return (name, UpcomingInstant(of: cron, in: zone, after: now))
                }))
        try state.store.close()
    }

    static func run(in directory: String) async throws {
        let state = try BenchmarkState(directory: URL(fileURLWithPath: directory))
        defer { state.remove() }
        let before = Usage.now()
        let clock = WatchedClock()
        let catalogs = AppliedCatalog(state.store.reader, now: BenchmarkState.now)
        let start = ContinuousClock.now
        let scheduler = Scheduler(
            store: state.store, catalogs: catalogs, zones: BenchmarkState.zones, clock: clock,
            metrics: RuntimeMetrics(), logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await scheduler.run() }
            await clock.firstSleep()
            RuntimeBenchmark.tell("schedules-start", (ContinuousClock.now - start) / .seconds(1))
            let settled = Usage.now()
            try await Task.sleep(for: idle)
            let after = Usage.now()
            RuntimeBenchmark.tell("schedules-idle", (after.processor - settled.processor) / (idle / .seconds(1)) * 100)
            RuntimeBenchmark.tell("schedules-memory", Double(after.memory - before.memory) / 1_048_576)
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}

/// The wall clock, which tells when somebody first waits for it.
private final class WatchedClock: RuntimeClock {
    private let clock = SystemClock(BenchmarkState.now)
    private let (sleeps, continuation) = AsyncStream.makeStream(of: Void.self)

    func now() -> Instant { clock.now() }

    func steady() -> Duration { clock.steady() }

    func sleep(until deadline: Instant, seen: Instant) async throws {
        continuation.yield()
        try await clock.sleep(until: deadline, seen: seen)
    }

    func glance() async throws { try await clock.glance() }

    func firstSleep() async {
        for await _ in sleeps { return }
    }
}

/// What this process takes.
private struct Usage {
    /// Seconds.
    let processor: Double
    /// Bytes.
    let memory: Int

    static func now() -> Usage {
        let pages =
            (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
            .split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Usage(
            // POSIX: a million of its ticks are a second.
            processor: Double(clock()) / 1e6,
            memory: pages * Int(sysconf(Int32(_SC_PAGESIZE))))
    }
}
