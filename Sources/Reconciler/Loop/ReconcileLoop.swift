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
            while !Task.isCancelled {
                do {
                    try await once(anew: isFirst)
                    isFirst = false
                } catch let error as StateError where error.isTransient {
                    reconciliation.logger.warning("could not reconcile, trying again: \(error)")
                }
                do {
                    try await Task.sleep(for: interval)
                } catch {
                    return
                }
            }
        }
    }

    private func once(anew: Bool) async throws {
        let reconciliation = reconciliation
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Self.queue.async { continuation.resume(with: Result { try reconciliation.run(anew: anew) }) }
        }
    }
}
