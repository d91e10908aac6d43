import GRDB
import Spec
import Values

extension StateReader {
    /// A number that is there while somebody else than Writ changed what is recorded, and grows with each such change
    /// (fault C67); `nil` while nobody did. Costs a look at an index. What went around SQLite it does not see:
    /// `alteredResources` does.
    package func lastAlteration() throws(StateError) -> Int? {
        try read("looking for what was altered") { db in try db.value("SELECT max(seq) FROM alteration") }
    }

    /// The resources in force whose recorded manifest is not what its digest says, as they are recorded. Reads them all.
    package func alteredResources() throws(StateError) -> [AppliedResource] {
        try read("looking for what was altered") { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT kind, name, digest, body, path, line, column_number, from_revision
                    FROM resource_version JOIN manifest USING (digest) WHERE to_revision IS NULL ORDER BY kind, name
                    """)
            var altered: [AppliedResource] = []
            while let row = try rows.next() {
                let body: String = try row.get("body")
                let digest: Digest = try row.get("digest")
                if Digest(of: body.utf8) != digest { altered.append(try AppliedResource(row: row)) }
            }
            return altered
        }
    }

    /// The resources of which somebody took away what is in force, put another version in its place, or put one where no
    /// revision had any. Costs as much as was altered.
    package func misplacedResources() throws(StateError) -> [MisplacedResource] {
        try read("looking for what was altered") { db in try db.misplacedResources() }
    }

    /// All that others altered, took out of force or put into it. Reads all that is in force.
    package func alteredNames() throws(StateError) -> [ResourceID] {
        let altered = try alteredResources().map(\.id)
        return Set(altered + (try misplacedResources().map(\.id))).sorted()
    }

    /// Grows with each restoration: what was read before may be what was altered.
    package func lastRestoration() throws(StateError) -> Int {
        try read("looking for restorations") { db in try db.value("SELECT max(seq) FROM restoration") ?? 0 }
    }
}
