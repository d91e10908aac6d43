import GRDB
import Spec
import Values

/// What an operator holds a resource to by hand. It survives every apply, follows renames, and ends by itself at its time.
package struct Override: Sendable, Hashable {
    package private(set) var id: ResourceID
    package let field: FieldOverride
    package let reason: String
    /// Who said so.
    package let actor: String
    package let since: Instant
    /// `nil` until somebody ends it.
    package let until: Instant?
    /// What the manifest says, where that is as strict or stricter: while it does, nothing comes of the override.
    package private(set) var declared: JSON?

    init(row: Row) throws {
        id = try ResourceID(row: row)
        let pointer: String = try row.get("pointer")
        field = FieldOverride(pointer: JSONPointer(pointer) ?? JSONPointer(), value: try row.get("value"))
        reason = try row.get("reason")
        actor = try row.get("actor")
        since = try row.get("since")
        until = try row.find("until")
    }

    fileprivate func named(_ name: String) -> Override {
        var override = self
        override.id = ResourceID(kind: id.kind, name: name)
        return override
    }

    /// The same beside another manifest than the one in force.
    package func beside(_ manifest: JSON?) -> Override {
        var override = self
        override.declared = manifest.flatMap { field.outdone(by: $0, of: id.kind) }
        return override
    }

    package var isSuspension: Bool { field.pointer == FieldOverride.suspendPointer }

    /// `by ada until 2026-01-01T00:00:00Z: it loops`
    package var circumstances: String {
        "by \(actor)" + (until.map { " until \($0.rfc3339)" } ?? "") + ": \(reason)"
    }
}

extension [Override] {
    /// What holds for one resource.
    package func fields(of id: ResourceID) -> [FieldOverride] { filter { $0.id == id }.map(\.field) }
}

extension StateReader {
    /// Those that hold at a time, in the order of kinds, names and fields. Not those of what is deleted: they hold again
    /// when it is there again.
    package func overrides(at now: Instant) throws(StateError) -> [Override] {
        try read("reading what is overridden by hand") { db in
            try db.rows(
                """
                SELECT * FROM override
                WHERE ended_at IS NULL AND deleted_by IS NULL AND (until IS NULL OR until > :now)
                ORDER BY kind, name, pointer
                """, ["now": now]
            )
            .map(Override.init(row:)).map { $0.beside(try db.resourceInForce($0.id)?.manifest) }
        }
    }

    /// The same by the names that the resources had at a revision.
    package func overrides(at now: Instant, asOf revision: Int) throws(StateError) -> [Override] {
        let overrides = try overrides(at: now)
        guard !overrides.isEmpty else { return overrides }
        return try read("reading the names of what is overridden by hand") { db in
            try overrides.compactMap { override in
                try db.name(of: override.id, at: revision).map(override.named)
            }
        }
    }
}
