import GRDB
import Spec
import Values

/// What resources are called, by what they were called at an earlier revision.
package struct CurrentNames: Sendable {
    /// By former name, in the order of revisions.
    private let renames: [ResourceID: [(revision: Int, name: String)]]

    fileprivate init(_ rows: [Row]) throws {
        var renames: [ResourceID: [(revision: Int, name: String)]] = [:]
        for row in rows {
            let former = ResourceID(kind: try ResourceID(row: row).kind, name: try row.get("former_name"))
            renames[former, default: []].append((try row.get("revision"), try row.get("name")))
        }
        self.renames = renames
    }

    /// - Parameters:
    ///   - revision: at which it had this name
    ///   - last: the revision whose names are asked for; the latest without
    package func name(of id: ResourceID, at revision: Int, by last: Int = .max) -> String {
        var (name, revision) = (id.name, revision)
        while let next = renames[ResourceID(kind: id.kind, name: name)]?.first(where: { $0.revision > revision }),
            next.revision <= last
        {
            (name, revision) = (next.name, next.revision)
        }
        return name
    }

    package func id(_ id: ResourceID, at revision: Int) -> ResourceID {
        ResourceID(kind: id.kind, name: name(of: id, at: revision))
    }
}

extension StateReader {
    /// All renames are read: for who asks about many.
    package func currentNames() throws(StateError) -> CurrentNames {
        try read("reading what was renamed") { db in
            try CurrentNames(
                db.rows(
                    """
                    SELECT kind, name, former_name, revision FROM revision_change INDEXED BY revision_change_former
                    WHERE former_name IS NOT NULL ORDER BY revision
                    """))
        }
    }
}

extension Database {
    /// What a resource is called now that had this name at a revision.
    func currentName(of id: ResourceID, at revision: Int) throws -> String {
        var (name, revision) = (id.name, revision)
        while let row = try row(
            """
            SELECT revision, name FROM revision_change
            WHERE kind = :kind AND former_name = :name AND revision > :revision ORDER BY revision LIMIT 1
            """, ["kind": id.kind.rawValue, "name": name, "revision": revision])
        {
            (name, revision) = (try row.get("name"), try row.get("revision"))
        }
        return name
    }

    /// What a resource was called at a revision; nil where another one had the name that it has.
    func name(of id: ResourceID, at revision: Int) throws -> String? {
        try names(of: id).first { $0.from <= revision && revision < $0.until ?? .max }?.name
    }
}
