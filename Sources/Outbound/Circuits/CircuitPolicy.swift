import Values

/// When a host is left alone, and for how long.
package struct CircuitPolicy: Sendable, Hashable {
    /// Failures in a row.
    package var failures: Int
    /// The first time; it doubles with each probe that fails.
    package var pause: Duration
    package var longest: Duration

    package init(failures: Int = 5, pause: Duration = .seconds(30), longest: Duration = .seconds(300)) {
        self.failures = max(failures, 1)
        self.pause = max(pause, .milliseconds(1))
        self.longest = max(longest, self.pause)
    }
}

/// A host that is left alone because it failed several times in a row.
package struct OpenCircuit: Sendable, Hashable {
    /// `https://host` or `https://host:8443`.
    package let origin: String
    /// In a row.
    package let failures: Int
    package let since: Instant
    /// When it is tried again.
    package let until: Instant
    /// The last failure.
    package let error: String
}
