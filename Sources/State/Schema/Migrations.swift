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
        [Schema31.lighterRuns, Schema31.lighterEvents],
    ]

    static var version: Int { all.count }

    /// Makes an empty database a state.
    ///
    /// - Parameter version: which one's schema it has
    static func start(on db: Database, version: Int = version) throws {
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try run(on: db, to: version)
    }

    /// Each migration in a transaction of its own, with its number.
    static func run(on db: Database, to version: Int = version) throws {
        try check(db)
        let done = try userVersion(db)
        guard done < version else { return }
        // A table that is made anew is dropped in between, and what refers to it is not to stand in the way: it refers to
        // the new one then. Within a transaction this cannot be said.
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
        for (place, statements) in all.prefix(version).enumerated() where place >= done {
            try db.inTransaction(.immediate) {
                for sql in statements { try db.execute(sql: sql) }
                try db.execute(sql: "PRAGMA user_version = \(place + 1)")
                return .commit
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
