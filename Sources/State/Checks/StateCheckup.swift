import GRDB
import Spec
import Values

/// What a look through a whole state found, for `writ doctor`.
package struct StateCheckup: Sendable {
    /// `3.40.1`
    package let sqliteVersion: String
    package let schema: Int
    package let knownSchema: Int
    package let journalMode: String
    /// What SQLite finds wrong with the file and with references between rows.
    package let damage: [String]
    /// Digests of manifests whose rows were changed behind Writ's back, and the settings.
    package let altered: [String]
    /// Resources that are in force otherwise than a revision left them.
    package let misplaced: [String]
    /// Tables of the record of the files that were changed so.
    package let alteredRecord: [String]
    /// Other users may read the file.
    package let isOpenToOthers: Bool
    /// How many names the file has: hard links, each of which would have a log and a lock of its own.
    package let names: Int
    package let bytes: Int64
    package let logBytes: Int64

    /// Nil where there is no state. Reads every page of the file: some seconds a gigabyte.
    package init?(path: String) throws(StateError) {
        let file = try StateFile(path: path)
        guard try file.exists() else { return nil }
        isOpenToOthers = FileFacts(path)?.isOpenToOthers ?? false
        names = FileFacts(path)?.names ?? 1
        bytes = FileFacts(path)?.size ?? 0
        logBytes = FileFacts(path + "-wal")?.size ?? 0
        knownSchema = Migrations.version
        let found: (String, Int, String, [String], [String], [String], [String])
        do {
            let queue = try DatabaseQueue(
                path: path, configuration: Connection.configuration(label: "doctor", readonly: true))
            found = try queue.inDatabase { db in
                try Migrations.check(db)
                return (
                    try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? "unknown",
                    try Migrations.userVersion(db),
                    try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "unknown", try IntegrityCheck.problems(db),
                    try IntegrityCheck.altered(db), try IntegrityCheck.misplaced(db),
                    try IntegrityCheck.alteredRecord(db)
                )
            }
            try queue.close()
        } catch {
            throw StateError(error, while: "looking through the state \(path)")
        }
        (sqliteVersion, schema, journalMode, damage, altered, misplaced, alteredRecord) = found
    }

    /// The version of SQLite that this program runs with, where there is no state to ask.
    package static func sqliteVersion() -> String {
        let queue = try? DatabaseQueue()
        return (try? queue?.inDatabase { try String.fetchOne($0, sql: "SELECT sqlite_version()") }) ?? "unknown"
    }
}
