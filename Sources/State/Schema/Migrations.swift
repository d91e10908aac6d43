import GRDB

/// Brings a database to the schema of this version. Migrations are only ever added; `user_version` counts those done.
enum Migrations {
    /// "Writ" in ASCII.
    static let applicationID = 0x5772_6974

    /// In order; never edit one that was released.
    private static let all: [[String]] = [
        [Schema1.configuration, Schema1.work, Schema1.traces],
        [Schema2.renames, Schema2.settings],
        [Schema3.sources],
        [Schema4.tombstones, Schema4.undoing],
        [Schema5.stale],
        [Schema6.overrides],
        [Schema7.alterations],
        [Schema8.happenings],
        [Schema9.recording],
        [Schema10.lanes],
        [Schema11.registrations],
        [Schema12.retention],
        [Schema13.closedChannels],
        [Schema14.deliveryLanes],
        [Schema15.openCircuits],
        [Schema16.alarms],
        [Schema17.lighterEvents, Schema17.arrivals, Schema17.turns],
        [Schema18.upcoming],
        [Schema19.earlierSettings],
        [Schema20.settingsCopy],
        [Schema21.sourceAlterations],
        [Schema22.registrationTimes, Schema22.problems],
        [Schema23.settingsCopyAlterations, Schema23.sourceAdditions],
        [Schema24.tombstonesOfTakenNames, Schema24.overridesOfDeleted],
        [Schema25.plainChecks],
        [Schema26.lanes, Schema26.endpoints],
        [Schema27.formerInstants],
        [Schema28.answers],
        [Schema29.packedPayloads],
        [Schema30.lighterRuns, Schema30.lighterEvents],
        [Schema31.formerEnds],
    ]

    static var version: Int { all.count }

    /// Makes an empty database a state, in one transaction: each takes longer to reach the disk than to do its work.
    ///
    /// - Parameter version: which one's schema it has
    static func start(on db: Database, version: Int = version) throws {
        try db.inTransaction(.immediate) {
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            for statements in all.prefix(version) {
                for sql in statements { try db.execute(sql: sql) }
            }
            try db.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    /// Each migration in a transaction of its own, with its number.
    static func run(on db: Database) throws {
        try check(db)
        let done = try userVersion(db)
        for (place, statements) in all.enumerated() where place >= done {
            let number = place + 1
            if number == rebuilding { try set("foreign_keys", on: false, db) }
            try db.inTransaction(.immediate) {
                for sql in statements { try db.execute(sql: sql) }
                if number == rebuilding { try checkReferences(db) }
                try db.execute(sql: "PRAGMA user_version = \(number)")
                return .commit
            }
            if number == rebuilding { try set("foreign_keys", on: true, db) }
        }
    }

    /// Makes a table anew, which is dropped in between: those that refer to it are not to stand in the way, and refer to the
    /// new one then (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes"). Within a transaction
    /// this cannot be said.
    private static let rebuilding = 30

    private static func set(_ setting: String, on: Bool, _ db: Database) throws {
        try db.execute(sql: "PRAGMA \(setting) = \(on ? 1 : 0)")
        guard try Bool.fetchOne(db, sql: "PRAGMA \(setting)") == on else {
            throw StateError(
                .other, "SQLite does not keep \(setting)=\(on ? 1 : 0): this build of SQLite cannot be used")
        }
    }

    private static func checkReferences(_ db: Database) throws {
        for table in ["run", "run_attempt", "step", "delivery"] {
            guard try Row.fetchOne(db, sql: "PRAGMA foreign_key_check(\(table))") == nil else {
                throw StateError(
                    .damaged,
                    "a row of \(table) refers to one that is not there: restore a backup with `writ restore FILE`")
            }
        }
    }

    /// Throws for another program's database and for a later version's.
    static func check(_ db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
            throw StateError(
                .notState, "the file is a SQLite database, but not Writ's: give the state's file with --state")
        }
        let found = try userVersion(db)
        guard found <= version else {
            throw StateError(
                .newerSchema,
                "the state was written by a newer version of writ (schema \(found), this one knows \(version)):"
                    + " use that version, or restore a backup from before the update")
        }
    }

    static func userVersion(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }
}
