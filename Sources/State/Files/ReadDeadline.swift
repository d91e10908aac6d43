import GRDB
import GRDBSQLite

/// Ends reads that go on for too long: one that is held open keeps the log of the state from being written back, and
/// that then grows without bound (fault D79).
enum ReadDeadline {
    private final class Watch {
        let end: ContinuousClock.Instant

        init(_ end: ContinuousClock.Instant) { self.end = end }
    }

    /// Instructions of SQLite's machine between two looks at the clock: well under a millisecond.
    private static let stride: CInt = 50_000

    /// Runs `body`; SQLite refuses to go on with it, with `SQLITE_INTERRUPT`, when `limit` is over.
    static func run<Value>(_ db: Database, within limit: Duration, _ body: (Database) throws -> Value) throws -> Value {
        let watch = Watch(.now + limit)
        return try withExtendedLifetime(watch) {
            sqlite3_progress_handler(
                db.sqliteConnection, stride,
                { context in
                    guard let context else { return 0 }
                    return Unmanaged<Watch>.fromOpaque(context).takeUnretainedValue().end < .now ? 1 : 0
                }, Unmanaged.passUnretained(watch).toOpaque())
            defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
            return try body(db)
        }
    }
}
