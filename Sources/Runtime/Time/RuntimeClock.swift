import Values

/// The time, as everything that runs long sees it; tests drive one by hand.
package protocol RuntimeClock: Sendable {
    func now() -> Instant

    /// Time that has passed since some instant, by a clock that nobody sets.
    func steady() -> Duration

    /// Returns at `deadline` or soon after; at once if that has passed; and sooner if the clock was set back, so that
    /// whoever waits looks anew. Throws `CancellationError` only.
    ///
    /// - Parameter seen: what the clock said when the deadline was worked out
    func sleep(until deadline: Instant, seen: Instant) async throws

    /// Returns when the clock may have been set meanwhile, whatever it says. Throws `CancellationError` only.
    func glance() async throws
}

extension RuntimeClock {
    package func sleep(until deadline: Instant) async throws { try await sleep(until: deadline, seen: now()) }
}

/// The machine's wall clock.
package struct SystemClock: RuntimeClock {
    /// How long a change of the wall clock may go unnoticed.
    private static let glance = Duration.seconds(30)

    private let read: @Sendable () -> Instant
    private let start = ContinuousClock.now

    /// - Parameter read: the wall clock
    package init(_ read: @escaping @Sendable () -> Instant) {
        self.read = read
    }

    package func now() -> Instant { read() }

    package func steady() -> Duration { start.duration(to: .now) }

    package func glance() async throws { try await Task.sleep(for: .seconds(10), clock: .continuous) }

    /// Sleeps by the clock that nobody sets, and looks at the other one at least every half minute: a machine that
    /// was asleep or whose clock was set wakes its sleepers soon (fault E98).
    package func sleep(until deadline: Instant, seen: Instant) async throws {
        var seen = seen
        while true {
            let now = now()
            let rest = deadline.duration(since: now)
            guard rest > .zero, now >= seen else { return }
            seen = now
            try await Task.sleep(for: min(rest, Self.glance), tolerance: .zero, clock: .continuous)
        }
    }
}
