import GRDB
import Spec
import Values

extension StateStore {
    /// Tombstones that one transaction purges.
    private static let purgeLimit = 200

    /// Removes deleted resources whose grace has ended, with every version of their manifests that nothing else keeps.
    /// What happened stays: the revisions, without the values of their fields, and the runs. One that work under way
    /// may still need waits for the end of that work.
    ///
    /// Writes nothing where nothing is due, which costs a look at an index.
    ///
    /// - Returns: what was purged
    @discardableResult
    package func purgeTombstones(now: Instant) throws(StateError) -> [ResourceID] {
        guard try reader.hasExpiredTombstone(now), try reader.canPurge(now) else { return [] }
        return try write("purging what was deleted long ago", silently: true) { db in
            let oldest = try db.oldestRevisionInUse()
            let rows = try db.rows(
                """
                SELECT kind, name, revision FROM tombstone
                WHERE expires_at <= :now AND (:oldest IS NULL OR revision <= :oldest) ORDER BY expires_at LIMIT :limit
                """, ["now": now, "oldest": oldest, "limit": Self.purgeLimit])
            var kept = KeptManifests()
            var names: Set<ResourceID> = []
            let purged = try rows.map { row in
                let id = try ResourceID(row: row)
                let revision: Int = try row.get("revision")
                names.formUnion(try db.purge(id, deletedBy: revision, &kept))
                try db.endOverrides(of: id, deletedBy: revision, pointer: nil, by: "purge", at: now)
                return id
            }
            try db.removeFormerTexts(of: names, &kept)
            return purged
        }
    }
}

extension StateReader {
    /// Whether something that was deleted long ago waits to be purged.
    package func hasExpiredTombstone(_ now: Instant) throws(StateError) -> Bool {
        try read("looking for what was deleted long ago") { db in
            let found: Int? = try db.value(
                "SELECT 1 FROM tombstone WHERE expires_at <= :now LIMIT 1", ["now": now])
            return found != nil
        }
    }
}

extension StateReader {
    /// Whether one of them is kept by nothing under way. Writing does not wait meanwhile: this may read all of the queue.
    fileprivate func canPurge(_ now: Instant) throws(StateError) -> Bool {
        try read("looking for what was deleted long ago") { db in
            let found: Int? = try db.value(
                "SELECT 1 FROM tombstone WHERE expires_at <= :now AND (:oldest IS NULL OR revision <= :oldest) LIMIT 1",
                ["now": now, "oldest": db.oldestRevisionInUse()])
            return found != nil
        }
    }
}

extension Database {
    /// The first revision that a run or a delivery under way began with; `nil` if nothing is under way.
    fileprivate func oldestRevisionInUse() throws -> Int? {
        try value(
            """
            SELECT min(revision) FROM (
                SELECT revision FROM \(Run.queue)
                UNION ALL
                SELECT revision FROM run WHERE state IN ('running', 'awaitingApproval') AND \(Run.hasLeft)
                UNION ALL
                SELECT run.revision FROM delivery JOIN run ON run.id = delivery.run_id
                WHERE delivery.state IN ('queued', 'sending')
            )
            """)
    }

    /// - Returns: all that it was called
    fileprivate func purge(
        _ id: ResourceID, deletedBy revision: Int, _ kept: inout KeptManifests
    ) throws -> [ResourceID] {
        // Another resource may have its name by now, and have gone with it.
        let spans = try names(of: id, before: revision + 1)
        for span in spans {
            let key: Arguments = [
                "kind": id.kind.rawValue, "name": span.name, "from": span.from, "until": span.until ?? revision,
            ]
            let versions = """
                kind = :kind AND name = :name AND from_revision >= :from AND to_revision <= :until
                """
            let digests = try rows("SELECT DISTINCT digest FROM resource_version WHERE \(versions)", key)
            try run("DELETE FROM resource_version WHERE \(versions)", key)
            for row in digests {
                let digest: String = try row.get("digest")
                let version: Int? = try value(
                    "SELECT 1 FROM resource_version WHERE digest = :digest LIMIT 1", ["digest": digest])
                if try version != nil || kept.contains(digest, in: self) { continue }
                try run("DELETE FROM manifest WHERE digest = :digest", ["digest": digest])
            }
            try run(
                """
                UPDATE revision_change SET fields = '[]'
                WHERE kind = :kind AND name = :name AND revision >= :from AND revision < :until AND fields <> '[]'
                """, key)
        }
        try run(
            "DELETE FROM tombstone WHERE kind = :kind AND name = :name AND revision = :revision",
            id.arguments.merging(["revision": revision]) { _, own in own })
        return spans.map { ResourceID(kind: id.kind, name: $0.name) }
    }

    /// Contents as they were before their texts moved (`MovedTexts`), which no version names any more. What has one of
    /// these names now keeps its own.
    fileprivate func removeFormerTexts(of names: Set<ResourceID>, _ kept: inout KeptManifests) throws {
        let gone = try names.filter { try resourceInForce($0) == nil }
        guard !gone.isEmpty else { return }
        try run(
            """
            WITH left AS MATERIALIZED (
                SELECT digest FROM manifest AS m
                WHERE NOT EXISTS (SELECT 1 FROM resource_version AS v WHERE v.digest = m.digest)
                    AND NOT EXISTS (SELECT 1 FROM run WHERE \(Run.hasLeft) AND manifest_digest = m.digest)
                    AND digest NOT IN (SELECT value FROM json_each(:queued)))
            DELETE FROM manifest WHERE digest IN (SELECT digest FROM left)
                AND json_extract(body, '$.kind') || '/' || json_extract(body, '$.metadata.name')
                    IN (SELECT value FROM json_each(:names))
            """,
            [
                "names": JSON.array(gone.map { .string($0.description) }),
                "queued": JSON.array(kept.inQueue(self).sorted().map(JSON.string)),
            ])
    }
}
