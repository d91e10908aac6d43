import GRDB
import Spec
import Values

extension StateStore {
    /// Holds fields of a resource to other values; what held for one of them before ends.
    package func override(
        _ id: ResourceID, _ fields: [FieldOverride], reason: String, actor: String, until: Instant?, at now: Instant
    ) throws(StateError) {
        try write("overriding \(id)") { db in
            for field in fields {
                try db.endOverrides(of: id, pointer: field.pointer, by: actor, at: now)
                try db.run(
                    """
                    INSERT INTO override (kind, name, pointer, value, reason, actor, since, until)
                    VALUES (:kind, :name, :pointer, :value, :reason, :actor, :now, :until)
                    """,
                    id.arguments.merging([
                        "pointer": field.pointer.text, "value": field.value, "reason": reason, "actor": actor,
                        "now": now, "until": until,
                    ]) { _, own in own })
            }
        }
    }

    /// Ends what holds for a resource, or for one of its fields.
    ///
    /// - Returns: how many ended
    package func endOverrides(
        of id: ResourceID, _ pointer: JSONPointer? = nil, by actor: String, at now: Instant
    ) throws(StateError) -> Int {
        try write("ending what overrides \(id)") { db in
            try db.endOverrides(of: id, pointer: pointer, by: actor, at: now)
        }
    }
}

extension Database {
    /// - Parameter revision: that deleted the resource whose they are; `nil` for those of one that is there
    @discardableResult
    func endOverrides(
        of id: ResourceID, deletedBy revision: Int? = nil, pointer: JSONPointer?, by actor: String, at now: Instant
    ) throws -> Int {
        // One that is over ended at its own time.
        try run(
            """
            UPDATE override SET ended_at = coalesce(min(until, :now), :now),
                ended_by = CASE WHEN until <= :now THEN 'time' ELSE :actor END
            WHERE kind = :kind AND name = :name AND ended_at IS NULL AND deleted_by IS :revision
                AND (:pointer IS NULL OR pointer = :pointer)
            """,
            id.arguments.merging([
                "pointer": pointer?.text, "actor": actor, "now": now, "revision": revision,
            ]) { _, own in own })
    }

    /// What is held to a resource that is deleted holds nobody who takes its name.
    func keepOverrides(of id: ResourceID, deletedBy revision: Int) throws {
        try run(
            """
            UPDATE override SET deleted_by = :revision
            WHERE kind = :kind AND name = :name AND ended_at IS NULL AND deleted_by IS NULL
            """, id.arguments.merging(["revision": revision]) { _, own in own })
    }

    /// It holds again when the resource is there again.
    func resumeOverrides(of id: ResourceID, deletedBy revision: Int) throws {
        try run(
            """
            UPDATE override SET deleted_by = NULL
            WHERE kind = :kind AND name = :name AND ended_at IS NULL AND deleted_by = :revision
            """, id.arguments.merging(["revision": revision]) { _, own in own })
    }

    /// What is held to something stays so under its new name.
    func renameOverrides(_ changes: [ResourceChange], by actor: String, at now: Instant) throws {
        let renames = changes.compactMap { change in change.formerID.map { (former: $0, new: change.id) } }
        guard !renames.isEmpty else { return }
        // Within one revision names may change places: taken away first, given then.
        var moved: [(Int64, ResourceID)] = []
        for (former, new) in renames {
            let rows = try rows(
                """
                SELECT seq FROM override
                WHERE kind = :kind AND name = :name AND ended_at IS NULL AND deleted_by IS NULL
                """, former.arguments)
            for row in rows {
                let seq: Int64 = try row.get("seq")
                moved.append((seq, new))
                try run("UPDATE override SET name = :name WHERE seq = :seq", ["name": "renamed/\(seq)", "seq": seq])
            }
        }
        for (seq, new) in moved {
            let pointer: String? = try value("SELECT pointer FROM override WHERE seq = :seq", ["seq": seq])
            try endOverrides(of: new, pointer: pointer.flatMap { JSONPointer($0) }, by: actor, at: now)
            try run("UPDATE override SET name = :name WHERE seq = :seq", ["name": new.name, "seq": seq])
        }
    }
}
