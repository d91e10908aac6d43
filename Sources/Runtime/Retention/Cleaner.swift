import Logging
import ServiceLifecycle
import Spec
import State
import Values

/// Removes what happened long ago, as the repository's `retention` says: every hour, a few rows at a time, so that
/// nobody who writes waits for more than a small transaction.
package struct Cleaner: Service {
    private let store: StateStore
    private let clock: any RuntimeClock
    private let logger: Logger
    /// As it was before this process recorded anything.
    private let begin: RemovalTime

    private static let interval = Duration.seconds(3_600)
    /// After the start, which has more important things to do.
    private static let delay = Duration.seconds(60)
    /// Between two transactions.
    private static let breath = Duration.milliseconds(20)

    package init(store: StateStore, clock: any RuntimeClock, logger: Logger) {
        self.store = store
        self.clock = clock
        self.logger = logger
        var time = RemovalTime()
        _ = try? time.time(clock.now(), steady: clock.steady(), newest: store.reader.newestRecord)
        begin = time
    }

    /// Runs until the service is told to shut down, the task is cancelled, or the state is of no more use.
    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            var next = clock.now().advanced(by: Self.delay)
            var time = begin
            while (try? await clock.sleep(until: next)) != nil {
                do {
                    let old = try time.time(clock.now(), steady: clock.steady(), newest: store.reader.newestRecord)
                    if let old {
                        try await pass(at: old, certain: time.certain) {
                            try await clock.sleep(until: clock.now().advanced(by: Self.breath))
                        }
                    }
                } catch let error as StateError where error.code != .io && error.code != .closed {
                    // Nobody waits for it: the next hour is soon enough.
                    logger.warning("what is old could not be removed: \(error)")
                } catch is CancellationError {
                    return
                }
                next = clock.now().advanced(by: Self.interval)
            }
        }
    }

    /// Goes through everything once.
    ///
    /// - Parameters:
    ///   - now: by what time something is old; the clock's if left out
    ///   - certain: the time that it is at least; `now` if left out
    ///   - pause: between two transactions
    /// - Returns: how many rows of each part were removed
    @discardableResult
    package func pass(
        at now: Instant? = nil, certain: Instant? = nil, _ pause: () async throws -> Void = {}
    ) async throws -> [CleanupPart: Int] {
        let retention = (try store.reader.repositorySettings() ?? .standard).retention
        let now = now ?? clock.now()
        var removed: [CleanupPart: Int] = [:]
        try store.forgetAnswerAddresses(now: now)
        for part in CleanupPart.allCases {
            var place: Int64? = 0
            while let after = place {
                let step = try store.cleanUp(part, retention, after: after, now: now, certain: certain)
                if step.removed > 0 { removed[part, default: 0] += step.removed }
                place = step.next
                if place != nil { try await pause() }
            }
        }
        if !removed.isEmpty {
            let counts = removed.map { ($0.key.rawValue, Logger.MetadataValue.stringConvertible($0.value)) }
            logger.info("removed what was old", metadata: Dictionary(counts) { first, _ in first })
        }
        return removed
    }
}
