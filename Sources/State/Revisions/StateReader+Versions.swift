import GRDB
import Spec
import Values

/// One content that a resource had, without the content itself.
package struct ResourceVersion: Sendable, Hashable {
    /// Under the name that it had then.
    package let id: ResourceID
    package let digest: Digest
    package let place: Place
    /// The revision that gave it this content.
    package let from: Int
    /// The revision that took it away; nil for what is in force.
    package let until: Int?

    init(row: Row) throws {
        id = try ResourceID(row: row)
        digest = try row.get("digest")
        place = Place(
            path: try row.get("path"), mark: Mark(line: try row.get("line"), column: try row.get("column_number")))
        from = try row.get("from_revision")
        until = try row.find("to_revision")
    }
}

extension StateReader {
    /// Contents of one resource that are looked at.
    private static let versionLimit = 10_000

    /// Every content that a resource had, the latest first, also before a deletion and under its former names.
    package func versions(of id: ResourceID) throws(StateError) -> [ResourceVersion] {
        try read("reading the versions of \(id)") { db in
            let names = try db.condition(id, name: "name", revision: "from_revision")
            return try db.rows(
                """
                SELECT kind, name, digest, path, line, column_number, from_revision, to_revision FROM resource_version
                WHERE kind = :kind AND \(names.text) ORDER BY from_revision DESC LIMIT :limit
                """,
                names.arguments.merging(["kind": id.kind.rawValue, "limit": Self.versionLimit]) { _, own in own }
            )
            .map(ResourceVersion.init(row:))
        }
    }

    /// A canonical manifest, in force or not.
    package func manifest(_ digest: Digest) throws(StateError) -> JSON? {
        try read("reading a manifest") { db in
            try db.value("SELECT body FROM manifest WHERE digest = :digest", ["digest": digest])
        }
    }

    /// When each revision was applied.
    package func revisionTimes() throws(StateError) -> [Int: Instant] {
        try read("reading the revisions") { db in
            let rows = try db.rows("SELECT number, created_at FROM revision")
            return Dictionary(try rows.map { (try $0.get("number"), try $0.get("created_at")) }) { first, _ in first }
        }
    }
}
