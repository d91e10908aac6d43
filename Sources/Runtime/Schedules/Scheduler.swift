import Logging
import ServiceLifecycle
import State
import Values

/// Fires schedules. It compares what is applied with the recorded cursors, so that a start after a crash is the same as
/// the first one, and no instant is lost or doubled (DESIGN.md rule 6).
package struct Scheduler: Service {
    let store: StateStore
    let catalogs: AppliedCatalog
    let zones: ZoneDatabase
    let clock: any RuntimeClock
    let metrics: RuntimeMetrics
    let logger: Logger

    /// How long an error of the state that may pass is waited out.
    private static let pause = Duration.seconds(5)
    /// Outside of these years the clock is not set yet, or set wrongly (fault D82).
    package static let years = RemovalTime.years

    package init(
        store: StateStore, catalogs: AppliedCatalog, zones: ZoneDatabase, clock: any RuntimeClock,
        metrics: RuntimeMetrics, logger: Logger
    ) {
        self.store = store
        self.catalogs = catalogs
        self.zones = zones
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    /// Runs until the service is told to shut down, the task is cancelled, or the state is of no more use.
    package func run() async throws {
        try await cancelWhenGracefulShutdown { try await self.loop() }
    }

    private func loop() async throws {
        var board = ScheduleBoard()
        try await store.lookAgain(clock) { try await step(&board) }
    }

    /// Decides everything that is due. Returns when to look again if nothing changes before.
    private func step(_ board: inout ScheduleBoard) async throws -> Instant? {
        let now = clock.now()
        guard Self.years.contains(now) else {
            try tellSenseless(now)
            board.invalidate()
            try await clock.glance()
            return clock.now()
        }
        do {
            return try await fireDue(&board)
        } catch let error as StateError where error.isTransient {
            logger.warning("schedules have to wait: \(error)")
            board.invalidate()
            return clock.now().advanced(by: Self.pause)
        }
    }

    private func fireDue(_ board: inout ScheduleBoard) async throws -> Instant? {
        let now = clock.now()
        guard let current = try catalogs.current() else { return nil }
        if !board.watch.see(now, steady: clock.steady()) || !current.isSame(as: board.revision) {
            let standstill = try await heedClock(now, &board.watch)
            try board.fill(current, store.reader, zones: zones, now: now, logger)
            board.standstill = standstill
        }
        if let end = board.standstill, end <= now {
            _ = try tell(nil, at: now)
            board.standstill = nil
        }
        board.wakeWaiting(at: now)
        while !Task.isCancelled {
            // What comes due while others catch up has its turn among them.
            let now = clock.now()
            guard Self.years.contains(now) else { return now }
            guard board.watch.see(now, steady: clock.steady()) else {
                board.invalidate()
                return now
            }
            let triggers = try board.popDue(now, store.reader, zones: zones)
            if triggers.isEmpty { break }
            if try await !advance(triggers, current, on: &board, to: now) {
                board.invalidate()
                return now
            }
        }
        return board.nextInstant
    }
}
