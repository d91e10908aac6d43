import State
import Values

/// The recorded state and what it takes to say how it stands now.
package struct StateSource: Sendable {
    package let reader: StateReader
    package let zones: ZoneDatabase
    package let now: @Sendable () -> Instant

    package init(reader: StateReader, zones: ZoneDatabase, now: @escaping @Sendable () -> Instant) {
        self.reader = reader
        self.zones = zones
        self.now = now
    }

    package func overview() throws(StateError) -> Overview { try Overview(reader, zones: zones, now: now()) }

    package func statuses(runs: [Run]? = nil) throws(StateError) -> ResourceStatusReader {
        try ResourceStatusReader(reader, zones: zones, now: now(), runs: runs)
    }
}
