import Logging
import ServiceLifecycle
import State
import Values

/// Holds some space for when the disk is full, says so when it is, and goes on when it no longer is (fault D76).
package struct SpaceWatch: Service {
    private let store: StateStore
    private let clock: any RuntimeClock
    private let logger: Logger

    private static let interval = Duration.seconds(5)
    /// While nothing new is taken.
    private static let impatience = Duration.seconds(1)

    package init(store: StateStore, clock: any RuntimeClock, logger: Logger) {
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    /// Runs until the service is told to shut down or the task is cancelled.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var alarm = Recorded.unknown
            if store.holdReserve() {
                end(&alarm)
            } else {
                logger.warning("the disk has not even 17 MiB free: free some space")
            }
            var pause = Self.interval
            while (try? await clock.sleep(until: clock.now().advanced(by: pause))) != nil {
                look(&alarm)
                pause = store.isOutOfSpace ? Self.impatience : Self.interval
            }
        }
    }

    private func look(_ alarm: inout Recorded) {
        store.signLock()
        guard store.isOutOfSpace else {
            // Where there was none at the start, there may be by now.
            let isHeld = store.holdReserve()
            if alarm == .raised || alarm == .told || isHeld && alarm != .ended { end(&alarm) }
            return
        }
        if alarm != .raised {
            let message = "the disk is full: nothing new is taken until some space is free"
            if alarm != .told { logger.critical("\(message)") }
            // Where others took what was held for it, there may be space for it later.
            let isRaised = record(isQuiet: alarm == .told) { () throws(StateError) in
                try store.raise(.diskFull, message, at: clock.now())
            }
            alarm = isRaised ? .raised : .told
        }
        guard store.holdReserve() else { return }
        logger.notice("the disk has space again: going on")
        end(&alarm)
    }

    /// What is not recorded is tried again with the next look.
    private func end(_ alarm: inout Recorded) {
        let isEnded = record { () throws(StateError) in try store.end(.diskFull, at: clock.now()) }
        alarm = isEnded ? .ended : .unknown
    }

    private func record(isQuiet: Bool = false, _ body: () throws(StateError) -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            if !isQuiet { logger.error("an alarm could not be recorded: \(error)") }
            return false
        }
    }

    /// As it is recorded, as far as this process knows: one of before it may go on.
    private enum Recorded {
        case unknown, raised, ended
        /// Raised in the log alone.
        case told
    }
}
