import Values

/// One host that failed lately: a state machine, which knows no clock.
struct Circuit: Sendable, Hashable {
    /// Failures in a row.
    private(set) var failures = 0
    /// When it was opened last, and for how long: until then nothing is sent.
    private(set) var opened: Opening?
    /// Since when nothing came back but failures.
    private(set) var since: Instant?
    private(set) var error = ""
    private(set) var isProbing = false

    struct Opening: Sendable, Hashable {
        let at: Instant
        let pause: Duration
    }

    enum Verdict: Sendable, Hashable {
        /// The host answered.
        case answered
        /// It did not, or said that it cannot.
        case failed(String)
        /// The exchange says nothing of the host.
        case unknown
    }

    enum Entry: Sendable, Hashable {
        case open
        /// One request is let through, to see whether the host is back.
        case probe
        case refused(wait: Duration)
    }

    /// While a probe is under way, others come back after this.
    private static let probeWait = Duration.seconds(5)

    var isOpen: Bool { opened != nil }

    /// A clock that was set back does not keep it open for longer than its pause.
    func rest(_ now: Instant) -> Duration {
        guard let opened, now >= opened.at else { return .zero }
        return max(opened.at.advanced(by: opened.pause).duration(since: now), .zero)
    }

    mutating func enter(_ now: Instant) -> Entry {
        guard isOpen else { return .open }
        let rest = rest(now)
        guard rest == .zero else { return .refused(wait: rest) }
        guard !isProbing else { return .refused(wait: Self.probeWait) }
        isProbing = true
        return .probe
    }

    mutating func leave(_ verdict: Verdict, wasProbe: Bool, _ policy: CircuitPolicy, _ now: Instant) {
        if wasProbe { isProbing = false }
        guard case .failed(let error) = verdict else { return }
        failures = min(failures + 1, 1_000_000)
        self.error = error
        since = since ?? now
        if let opened {
            // What was under way when it was opened says nothing new.
            guard wasProbe else { return }
            self.opened = Opening(at: now, pause: min(opened.pause * 2, policy.longest))
        } else if failures >= policy.failures {
            opened = Opening(at: now, pause: policy.pause)
        }
    }
}
