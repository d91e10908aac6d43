import Logging
import ServiceLifecycle
import State
import Synchronization
import Values

/// Takes items of a queue as they become due, keeps them while they are worked on, and drains at shutdown.
struct WorkLoop<Queue: WorkQueue>: Sendable {
    let queue: Queue
    let limits: WorkLimits
    let clock: any RuntimeClock
    let logger: Logger

    private let running = RunningWork<Queue.Item>()
    private let wakeup = Wakeup()
    private let isDraining = Draining()

    /// How long an error of the state that may pass is waited out.
    private static var pause: Duration { .seconds(5) }
    /// How often orphans are looked for.
    private static var tidying: Duration { .seconds(60) }
    /// Clocks are set by less all the time, which nobody has to be told.
    private static var tolerance: Duration { .seconds(60) }
    /// How long cancelled work may take to notice at a shutdown.
    private static var parting: Duration { .seconds(2) }
    /// And how long it may hold its place otherwise.
    private static var indulgence: Duration { .seconds(10) }

    init(_ queue: Queue, _ limits: WorkLimits, _ clock: any RuntimeClock, _ logger: Logger) {
        self.queue = queue
        self.limits = limits
        self.clock = clock
        self.logger = logger
    }

    func run() async throws {
        let changes = queue.store.changes()
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                let wakeup = self.wakeup
                group.addTask { await wakeup.follow(changes) }
                defer { group.cancelAll() }
                do {
                    try await work()
                } catch {
                    await drain(within: .zero)
                    throw error
                }
                await drain(within: limits.grace)
            }
        } onGracefulShutdown: {
            isDraining.begin()
            wakeup.signal()
        }
    }

    private var isEnding: Bool { isDraining.hasBegun || Task.isCancelled }

    private func work() async throws {
        let now = clock.now()
        var times = Times(renewal: now.advanced(by: limits.lease / 3), tidying: now, seen: now)
        while !isEnding {
            let seen = clock.now()
            let next = try step(&times)
            if !isEnding { await wakeup.wait(until: next, seen: seen, clock) }
        }
    }

    /// When what comes round is due again.
    private struct Times {
        var renewal: Instant
        var tidying: Instant
        /// The clock as it was seen last.
        var seen: Instant
        /// Whether what a clock that was ahead left behind was looked for.
        var hasTidied = false
    }

    /// Looks after what is under way and takes what is due. Returns when to look again if nothing changes before.
    private func step(_ times: inout Times) throws(StateError) -> Instant? {
        let now = clock.now()
        do {
            if now < times.seen {
                try followClock(back: times.seen.duration(since: now), now)
                (times.renewal, times.tidying) = (now, now)
            }
            times.seen = now
            // Renewed first: after the machine slept, the leases of what is under way here look as if they had run out.
            try attend(renewing: now >= times.renewal, now)
            if now >= times.renewal { times.renewal = now.advanced(by: limits.lease / 3) }
            reclaim(now)
            if now >= times.tidying {
                try queue.tidy(now: now, except: running.entries.map(\.item))
                let count = try queue.store.unstrand(queue.table, isStart: !times.hasTidied, now: now)
                if count > 0 { tellOfClock(count, now) }
                times.hasTidied = true
                times.tidying = now.advanced(by: Self.tidying)
            }
            try take(now)
            let due = try queue.store.reader.nextWakeUp(after: now)
            let reclaim = running.firstCancellation.map { $0.advanced(by: Self.indulgence) }
            return [
                due, queue.resumes(after: now), reclaim, running.count > 0 ? times.renewal : nil, times.tidying,
            ].compactMap {
                $0
            }.min()
        } catch {
            guard error.isTransient else { throw error }
            logger.warning("work has to wait: \(error)")
            return now.advanced(by: Self.pause)
        }
    }

    /// Without this, what waits would wait for as long as the clock was ahead, too.
    private func followClock(back: Duration, _ now: Instant) throws(StateError) {
        running.followClock(to: now)
        let count = try queue.store.followClock(queue.table, back: back, lease: limits.lease, now: now)
        if count > 0, back > Self.tolerance { tellOfClock(count, now) }
    }

    private func tellOfClock(_ count: Int, _ now: Instant) {
        logger.warning(
            "the clock was set back to \(now.rfc3339): what waits for a time after that waits no longer than before",
            metadata: [queue.noun: .stringConvertible(count)])
    }

    private func take(_ now: Instant) throws(StateError) {
        let free = limits.concurrency - running.count
        guard free > 0 else { return }
        for item in try queue.claim(limit: free, now: now) {
            running.start(item, queue.perform) { [queue, running, wakeup] in
                queue.note(active: running.count, stuck: 0)
                wakeup.signal()
            }
        }
        queue.note(active: running.count, stuck: 0)
    }

    /// Stops work whose item was taken away, and keeps the rest.
    private func attend(renewing: Bool, _ now: Instant) throws(StateError) {
        for entry in running.entries where !entry.task.isCancelled {
            let isHeld = try renewing ? queue.renew(entry.item, now: now) : queue.isHeld(entry.item)
            if !isHeld { running.cancel(entry, at: now) }
        }
    }

    /// Gives the places of work to others that was told to end and does not (fault E94).
    private func reclaim(_ now: Instant) {
        let stuck = running.abandon(cancelledBy: now.advanced(by: .zero - Self.indulgence))
        guard !stuck.isEmpty else { return }
        logger.warning(
            "work that was taken away does not end: others have its place",
            metadata: [queue.noun: .stringConvertible(stuck.count)])
        queue.note(active: running.count, stuck: stuck.count)
    }

    /// Lets running work end within `grace`, then cancels it and gives it back (fault E93). What does not notice that
    /// is left behind: its result would come with a lease that is no more (fault E94).
    private func drain(within grace: Duration) async {
        let deadline = clock.now().advanced(by: grace)
        logger.log(
            level: running.count > 0 ? .notice : .info,
            "stopping: \(running.count) \(queue.noun) under way, grace \(grace.manifestText)")
        await waitUntilIdle(deadline, attending: true)
        let rest = running.entries
        for entry in rest { entry.task.cancel() }
        for entry in rest { queue.giveBack(entry.item) }
        guard !rest.isEmpty else { return }
        await waitUntilIdle(clock.now().advanced(by: Self.parting), attending: false)
        queue.note(active: running.count, stuck: running.count)
    }

    private func waitUntilIdle(_ deadline: Instant, attending: Bool) async {
        while running.count > 0, !Task.isCancelled {
            let now = clock.now()
            guard now < deadline else { return }
            if attending {
                do {
                    try attend(renewing: true, now)
                } catch {
                    logger.warning("a lease could not be renewed: \(error)")
                }
            }
            await wakeup.wait(until: min(deadline, now.advanced(by: limits.lease / 3)), seen: now, clock)
        }
    }
}

/// Whether shutdown has begun.
private final class Draining: Sendable {
    private let state = Mutex(false)

    var hasBegun: Bool { state.withLock { $0 } }

    func begin() { state.withLock { $0 = true } }
}
