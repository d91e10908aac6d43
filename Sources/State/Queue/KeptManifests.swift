import GRDB
import Values

/// Which manifests runs keep, as one transaction removes others. The queue is read only where a manifest could go, and once.
struct KeptManifests {
    private var queued: Set<String>?

    mutating func contains(_ digest: String, in db: Database) throws -> Bool {
        let left: Int? = try db.value(
            "SELECT 1 FROM run WHERE \(Run.hasLeft) AND manifest_digest = :digest LIMIT 1", ["digest": digest])
        return try left != nil || inQueue(db).contains(digest)
    }

    /// Those of the runs in the queue.
    mutating func inQueue(_ db: Database) throws -> Set<String> {
        if let queued { return queued }
        let rows = try db.rows(
            "SELECT DISTINCT manifest_digest AS digest FROM \(Run.queue) AND manifest_digest IS NOT NULL")
        let found = Set(try rows.map { try $0.get("digest") as String })
        queued = found
        return found
    }
}
