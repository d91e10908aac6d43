import GRDB
import Spec
import Values

/// Looks through a whole state for damage.
enum IntegrityCheck {
    /// Problems that are listed.
    private static let limit = 100

    /// What SQLite finds wrong with the file and with references between rows.
    static func problems(_ db: Database) throws -> [String] {
        let pages = try String.fetchAll(db, sql: "PRAGMA integrity_check(\(limit))").filter { $0 != "ok" }
        let dangling = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(limit).map { row in
            "a row of \(row["table"] as String? ?? "a table") refers to a row of"
                + " \(row["parent"] as String? ?? "another") that is not there"
        }
        return pages + dangling + (try lostManifests(db))
    }

    /// SQLite holds runs to their manifests no longer: an index of all runs would be written for every event.
    private static func lostManifests(_ db: Database) throws -> [String] {
        let lost = try String.fetchAll(
            db,
            sql: """
                SELECT digest FROM (SELECT DISTINCT manifest_digest AS digest FROM run WHERE manifest_digest IS NOT NULL)
                WHERE digest NOT IN (SELECT digest FROM manifest) LIMIT \(limit)
                """)
        return lost.map { "a run refers to a manifest that is not there: \($0)" }
    }

    /// Tables of the record of the files that somebody changed behind Writ's back. A state of an older version notes none.
    static func alteredRecord(_ db: Database) throws -> [String] {
        guard try db.tableExists("source_alteration") else { return [] }
        return try String.fetchAll(db, sql: "SELECT DISTINCT part FROM source_alteration ORDER BY part LIMIT 10")
    }

    /// What somebody took out of force or put in, behind Writ's back.
    static func misplaced(_ db: Database) throws -> [String] {
        guard try db.tableExists("alteration") else { return [] }
        return try db.misplacedResources().map(\.id.description)
    }

    /// Digests of manifests that are not those of their bodies, and the settings of the repository: somebody changed rows
    /// behind Writ's back.
    static func altered(_ db: Database) throws -> [String] {
        let hasCopy = try Migrations.userVersion(db) == Migrations.version
        var found = try hasCopy && db.settingsRow().isAltered ? ["the settings of the repository"] : []
        let rows = try Row.fetchCursor(db, sql: "SELECT digest, body FROM manifest")
        while let row = try rows.next(), found.count < limit {
            let digest: String = try row.get("digest")
            let body: String = try row.get("body")
            if Digest(of: body.utf8).text != digest { found.append(digest) }
        }
        return found
    }
}
