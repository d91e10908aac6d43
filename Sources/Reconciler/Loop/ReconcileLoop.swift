import Dispatch
import Logging
import ServiceLifecycle
import State

/// Looks at the branch again and again, until it is told to stop.
struct ReconcileLoop: Service {
    let reconciliation: Reconciliation
    let interval: Duration

    /// Reading git and YAML takes a thread of its own: the cooperative ones belong to the runs.
    private static let queue = DispatchQueue(label: "writ.reconcile")

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var isFirst = true
            var backoff = FetchBackoff(interval: interval) { Double.random(in: 0..<1) }
            while !Task.isCancelled {
                var isUnreadable = false
                do {
                    isUnreadable = try await once(anew: isFirst) == .unreadable
                    isFirst = false
                } catch let error as StateError where error.isTransient {
                    reconciliation.logger.warning("could not reconcile, trying again: \(error)")
                }
                do {
                    let isFetched = reconciliation.isFetched
                    try await Task.sleep(for: backoff.next(failed: isUnreadable && isFetched))
                } catch {
                    return
                }
            }
        }
    }

    private func once(anew: Bool) async throws -> Observation.Outcome {
        let reconciliation = reconciliation
        return try await withCheckedThrowingContinuation { continuation in
            Self.queue.async { continuation.resume(with: Result { try reconciliation.run(anew: anew) }) }
        }
    }
}
