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
}
