import GRDB
import Spec

extension StateReader {
    /// A text for each resource of a kind that was in force at a revision, which stays the same whatever it is called
    /// before and after, and is no other one's.
    package func identities(of kind: KindName, at revision: Int) throws(StateError) -> [String: String] {
        try read("reading who is who") { db in
            let rows = try db.rows(
                """
                SELECT name FROM resource_version WHERE kind = :kind AND from_revision <= :revision
                    AND (to_revision IS NULL OR to_revision > :revision)
                """, ["kind": kind.rawValue, "revision": revision])
            let names: [String] = try rows.map { try $0.get("name") }
            return Dictionary(
                try names.map { ($0, try db.identity(of: ResourceID(kind: kind, name: $0), at: revision)) }
            ) { first, _ in first }
        }
    }
}

extension Database {
    /// The name that it began with, and the revision in which that was.
    fileprivate func identity(of id: ResourceID, at revision: Int) throws -> String {
        var (name, revision) = (id.name, revision)
        while let row = try row(
            """
            SELECT revision, former_name FROM revision_change
            WHERE kind = :kind AND name = :name AND revision <= :revision AND action IN ('create', 'rename')
            ORDER BY revision DESC LIMIT 1
            """, ["kind": id.kind.rawValue, "name": name, "revision": revision])
        {
            let began: Int = try row.get("revision")
            guard let former: String = try row.find("former_name") else { return "\(name)@\(began)" }
            (name, revision) = (former, began - 1)
        }
        return "\(name)@0"
    }
}
