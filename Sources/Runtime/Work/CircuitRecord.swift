import Logging
import Outbound
import ServiceLifecycle
import State

/// Keeps the state up to which hosts are left alone, so that `writ status` and the dashboard can say so.
package struct CircuitRecord: Service {
    private let circuits: CircuitBreakers
    private let store: StateStore
    private let logger: Logger

    package init(_ circuits: CircuitBreakers, store: StateStore, logger: Logger) {
        self.circuits = circuits
        self.store = store
        self.logger = logger
    }

    /// Runs until the service is told to shut down or the task is cancelled.
    package func run() async throws {
        let changes = circuits.changes()
        await cancelWhenGracefulShutdown {
            // What the process before knew counts no more.
            record(telling: [])
            var known: Set<String> = []
            for await _ in changes {
                record(telling: known)
                known = Set(circuits.open.map(\.origin))
            }
        }
        // Where nobody serves, nobody is left alone.
        try? store.recordCircuits([])
    }

    /// - Parameter known: hosts of which the log was told already
    private func record(telling known: Set<String>) {
        let open = circuits.open
        for circuit in open where !known.contains(circuit.origin) {
            logger.warning(
                "a host failed several times in a row and is left alone for a while: \(circuit.error)",
                metadata: ["host": "\(circuit.origin)", "until": "\(circuit.until)"])
        }
        for origin in known.subtracting(open.map(\.origin)).sorted() {
            logger.notice("a host that was left alone answers again", metadata: ["host": "\(origin)"])
        }
        do {
            try store.recordCircuits(
                open.map {
                    RecordedCircuit(
                        origin: $0.origin, failures: $0.failures, since: $0.since, until: $0.until, error: $0.error)
                })
        } catch {
            logger.warning("which hosts are left alone could not be recorded: \(error)")
        }
    }
}
