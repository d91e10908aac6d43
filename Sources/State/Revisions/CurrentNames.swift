import GRDB
import Spec

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
