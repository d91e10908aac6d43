import CSQLiteFiles
import GRDB

/// How every connection to a state is set up.
enum Connection {
    /// Seconds that a statement waits for a lock of SQLite's before it fails with `busy`.
    private static let patience = 5.0
    /// KiB of pages that the writing connection keeps: the indexes of a queue of 100,000 are in it.
    private static let cacheSize = 32 << 10

    /// SQLite's own code for how the process was set up: what does not succeed costs time and nothing else.
    private static let preparation = writ_sqlite_prepare()

    static func configuration(label: String, readonly: Bool = false) -> Configuration {
        _ = preparation
        var configuration = Configuration()
        configuration.label = "state.\(label)"
        configuration.readonly = readonly
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(patience)
        // Arguments hold what came from outside: they stay out of messages.
        configuration.publicStatementArguments = false
        configuration.prepareDatabase { db in
            // A mapped file turns a disk error into SIGBUS and amplifies SQLite's WAL-reset fault.
            try db.execute(sql: "PRAGMA mmap_size = 0")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
            // A directory for temporary files may be full, or not be there: that is no failure of the state's disk.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// Sets `synchronous=FULL` on the writing connection, after GRDB has put NORMAL, and reads it back: with NORMAL
    /// a power cut loses acknowledged events.
    static func makeDurable(_ db: Database) throws {
        try db.execute(sql: "PRAGMA cache_size = -\(cacheSize)")
        try db.execute(sql: "PRAGMA synchronous = FULL")
        let setting = try Int.fetchOne(db, sql: "PRAGMA synchronous")
        guard setting == 2 else {
            throw StateError(.other, "SQLite does not keep synchronous=FULL: this build of SQLite cannot be used")
        }
    }

    /// Looks for damage. Larger files are checked as their pages are read: this reads all of it, and a look at an
    /// unchanged branch must not cost more where more is recorded.
    static func checkIntegrity(_ db: Database, fileSize: Int64) throws {
        guard fileSize <= 1 << 20 else { return }
        let answer = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
        guard answer == "ok" else {
            throw StateError(
                .damaged, "the state is damaged: restore a backup with `writ restore FILE`", underlying: answer)
        }
    }

    /// Bytes of a log that is read in no time by who opens the state next.
    static let smallLog: Int64 = 1 << 20

    /// Writes the log back and cuts it off, also where readers have it open that rest. Otherwise the log of a large
    /// revision stays, and everyone who opens the state reads all of it first.
    static func emptyLog(of pool: DatabasePool) {
        // Whoever reads at this moment is not waited for long: what stays in the log is as safe as before.
        try? pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA busy_timeout = 200")
            try db.checkpoint(.truncate)
        }
    }
}
