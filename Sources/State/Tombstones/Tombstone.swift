import GRDB
import Spec
import Values

/// A deleted resource, kept for its history and for `writ undo` until its grace ends.
package struct Tombstone: Sendable, Hashable {
    /// As it was last.
    package let resource: AppliedResource
    /// The revision that deleted it.
    package let revision: Int
    package let deletedAt: Instant
    /// When it is purged, if it is not there again before. Set by `prune.grace` as it was when the resource was deleted:
    /// no later commit makes it shorter.
    package let expiresAt: Instant
    /// How far its schedule had come: every instant up to here has a row.
    package let cursor: ScheduleCursor?

    fileprivate init(row: Row) throws {
        resource = try AppliedResource(row: row)
        revision = try row.get("revision")
        deletedAt = try row.get("deleted_at")
        expiresAt = try row.get("expires_at")
        let instant: Instant? = try row.find("cursor_instant")
        let digest: Digest? = try row.find("cursor_digest")
        let name = resource.id.name
        cursor = instant.flatMap { instant in
            digest.map { ScheduleCursor(trigger: name, instant: instant, specDigest: $0) }
        }
    }
}

/// How many resources are deleted and not yet purged.
package struct TombstoneCount: Sendable, Hashable {
    package let count: Int
    /// When the first of them goes.
    package let nextExpiry: Instant?
}

extension StateReader {
    private static let tombstones = """
        SELECT t.kind, t.name, t.revision, t.deleted_at, t.expires_at, t.cursor_instant, t.cursor_digest,
            v.digest, m.body, v.path, v.line, v.column_number, v.from_revision
        FROM tombstone AS t
            JOIN resource_version AS v ON v.kind = t.kind AND v.name = t.name AND v.to_revision = t.revision
            JOIN manifest AS m ON m.digest = v.digest
        """

    /// What is deleted and not yet purged, of one kind or of all, in the order of kinds and names. Another resource may
    /// have the name by now.
    package func tombstones(of kind: KindName? = nil) throws(StateError) -> [Tombstone] {
        try read("reading what is deleted") { db in
            try db.rows(
                "\(Self.tombstones) WHERE :kind IS NULL OR t.kind = :kind ORDER BY t.kind, t.name, t.revision",
                ["kind": kind?.rawValue]
            )
            .map(Tombstone.init(row:))
        }
    }

    /// Of what a revision deleted; `nil` where it is there again, or purged.
    package func tombstone(of id: ResourceID, deletedBy revision: Int) throws(StateError) -> Tombstone? {
        try read("reading the deleted \(id)") { db in
            try db.row(
                "\(Self.tombstones) WHERE t.kind = :kind AND t.name = :name AND t.revision = :revision",
                id.arguments.merging(["revision": revision]) { _, own in own }
            )
            .map(Tombstone.init(row:))
        }
    }

    package func tombstoneCount() throws(StateError) -> TombstoneCount {
        try read("counting what is deleted") { db in
            let row = try db.row("SELECT count(*) AS count, min(expires_at) AS next FROM tombstone")
            return TombstoneCount(count: try row?.get("count") ?? 0, nextExpiry: try row?.find("next"))
        }
    }
}

extension Database {
    /// Keeps what a revision deletes, with how far its schedule has come. To be called while the cursors are still
    /// there and the settings are those from before the revision.
    func bury(_ application: RevisionApplication, in revision: Int) throws {
        let grace = try settings().now?.prune.grace ?? Settings.standard.prune.grace
        // Who takes the name by a rename is not what was deleted.
        if try value("SELECT EXISTS (SELECT 1 FROM tombstone)") ?? false {
            for change in application.changes where change.action == .create { try revive(change.id) }
        }
        let deleted = application.changes.filter { $0.action == .delete }
        guard !deleted.isEmpty else { return }
        let present = Set(application.changes.filter { $0.content != nil }.map(\.id))
        for change in deleted where !present.contains(change.id) {
            try keepOverrides(of: change.id, deletedBy: revision)
            let cursor = change.id.kind == .trigger ? try scheduleCursor(of: change.id.name) : nil
            // What this revision decides about the schedule's last instants is decided.
            let decided = cursor.flatMap(application.undecided)?.instant ?? cursor?.instant
            try run(
                """
                INSERT INTO tombstone
                    (kind, name, revision, deleted_at, expires_at, cursor_instant, cursor_digest)
                VALUES (:kind, :name, :revision, :at, :expiresAt, :instant, :digest)
                """,
                change.id.arguments.merging([
                    "revision": revision, "at": application.at,
                    "expiresAt": max(application.at, application.at.advanced(by: grace)), "instant": decided,
                    "digest": cursor?.specDigest,
                ]) { _, own in own })
        }
    }
    /// What had the name last and was deleted is there again, with all that is kept of it.
    private func revive(_ id: ResourceID) throws {
        let last: Int? = try value(
            "SELECT max(revision) FROM tombstone WHERE kind = :kind AND name = :name", id.arguments)
        guard let last else { return }
        try resumeOverrides(of: id, deletedBy: last)
        try run(
            "DELETE FROM tombstone WHERE kind = :kind AND name = :name AND revision = :revision",
            id.arguments.merging(["revision": last]) { _, own in own })
    }
}
