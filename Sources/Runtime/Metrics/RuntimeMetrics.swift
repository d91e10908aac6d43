import State
import Synchronization
import Values

/// What has happened since the process started. What is recorded (runs by state …) is counted in the state instead.
package struct RuntimeCounts: Sendable, Hashable {
    /// Why a webhook was refused.
    package enum Refusal: String, Sendable, Hashable, CaseIterable {
        case unauthorized, unknown, malformed, encoding, conflict, limited, repeated, queueFull, unavailable
    }

    package var eventsAccepted = 0
    package var eventsDuplicate = 0
    package var eventsRefused: [Refusal: Int] = [:]
    /// Requests without a right signature, by endpoint: `trigger/on-push`.
    package var unverified: [String: Int] = [:]
    /// Requests that were refused because as much waits as may, by whose: `tool/post`, `all` for that of all together.
    package var queueFull: [String: Int] = [:]
    /// Ends of attempts by what they came to: a run state, `retried`, `snoozed`, `released` or `superseded`.
    package var attempts: [String: Int] = [:]
    /// Sendings by what they came to: a delivery state, `retried`, `postponed` or `released`.
    package var deliveries: [String: Int] = [:]
    package var schedulesFired = 0
    package var schedulesSkipped = 0
    /// How late the last firing was.
    package var scheduleLag: Duration = .zero
    package var runsActive = 0
    package var deliveriesActive = 0
    /// Work that did not end when it was told to (fault E94).
    package var stuck = 0
}

/// Counts what happens; `snapshot` is what gets printed.
package final class RuntimeMetrics: Sendable {
    private let counts = Mutex(RuntimeCounts())

    package init() {}

    package var snapshot: RuntimeCounts { counts.withLock { $0 } }

    func count(_ change: (inout RuntimeCounts) -> Void) {
        counts.withLock { change(&$0) }
    }

    func refused(_ refusal: RuntimeCounts.Refusal) {
        counts.withLock { $0.eventsRefused[refusal, default: 0] += 1 }
    }
}
