import GRDB
import Spec
import Values

/// A resource of which the repository says something that cannot be applied: it keeps its last good version, or is not
/// there yet.
package struct StaleResource: Sendable, Hashable {
    package let id: ResourceID
    /// Whether a good version of it is in force.
    package let isApplied: Bool
    /// Why, with the places in the commit that was looked at.
    package let diagnostics: [Diagnostic]

    package init(id: ResourceID, isApplied: Bool, diagnostics: [Diagnostic]) {
        self.id = id
        self.isApplied = isApplied
        self.diagnostics = diagnostics
    }

    /// `Agent/a keeps its last good version`
    package var summary: String { "\(id) \(isApplied ? "keeps its last good version" : "is not applied yet")" }

    package var json: JSON {
        [
            "kind": .string(id.kind.rawValue), "name": .string(id.name), "applied": .bool(isApplied),
            "diagnostics": .array(diagnostics.map(\.json)),
        ]
    }
}

/// A stale resource, and since which commit it is.
package struct StaleRecord: Sendable, Hashable {
    package let resource: StaleResource
    package let commit: String
    package let since: Instant
}

extension StateReader {
    /// What keeps its last good version, in order of identity.
    package func staleResources() throws(StateError) -> [StaleRecord] {
        try read("reading what is stale") { db in
            try db.rows("SELECT * FROM stale_resource ORDER BY kind, name").map { row in
                let diagnostics: JSON = try row.get("diagnostics")
                let isApplied: Int = try row.get("is_applied")
                return StaleRecord(
                    resource: StaleResource(
                        id: try ResourceID(row: row), isApplied: isApplied == 1,
                        diagnostics: (diagnostics.array ?? []).compactMap { Diagnostic($0) }),
                    commit: try row.get("commit_id"), since: try row.get("since"))
            }
        }
    }
}

extension Database {
    /// What a commit leaves stale; what was stale before keeps the time since when.
    func set(_ stale: [StaleResource], commit: String, at now: Instant) throws {
        let keys = Set(stale.map(\.id))
        for row in try rows("SELECT kind, name FROM stale_resource") {
            let id = try ResourceID(row: row)
            if !keys.contains(id) {
                try run("DELETE FROM stale_resource WHERE kind = :kind AND name = :name", id.arguments)
            }
        }
        for resource in stale {
            try run(
                """
                INSERT INTO stale_resource (kind, name, is_applied, commit_id, since, diagnostics)
                VALUES (:kind, :name, :applied, :commit, :at, :diagnostics)
                ON CONFLICT (kind, name) DO UPDATE SET
                    is_applied = excluded.is_applied, diagnostics = excluded.diagnostics
                """,
                resource.id.arguments.merging([
                    "applied": resource.isApplied ? 1 : 0, "commit": commit, "at": now,
                    "diagnostics": JSON.array(resource.diagnostics.map(\.json)),
                ]) { _, own in own })
        }
    }
}
