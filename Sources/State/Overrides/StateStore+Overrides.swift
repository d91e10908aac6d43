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
        for kind in Set(changes.filter { $0.formerID != nil }.map(\.id.kind)) {
            for (from, to) in NameMoves(changes, of: kind).steps {
                // Nobody has the name at this moment: what is left there was nobody's.
                try endOverrides(of: ResourceID(kind: kind, name: to), pointer: nil, by: actor, at: now)
                try run(
                    """
                    UPDATE override SET name = :to
                    WHERE kind = :kind AND name = :from AND ended_at IS NULL AND deleted_by IS NULL
                    """, ["kind": kind.rawValue, "from": from, "to": to])
            }
        }
    }
}
