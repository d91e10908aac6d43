import GRDB
import Spec
import Values

/// A resource that is in force otherwise than a revision left it, by somebody else's doing (fault C67).
package struct MisplacedResource: Sendable, Hashable {
    package let id: ResourceID
    /// Where its manifest was last recorded to stand; nil where nothing of it is recorded any more.
    package let place: Place?
    /// Whether what was altered was protected.
    package let isProtected: Bool
}

extension Database {
    /// That are looked at.
    private static let misplacedLimit = 1_000

    func misplacedResources() throws -> [MisplacedResource] {
        try rows(
            """
            SELECT altered.kind, altered.name, last.path, last.line, last.column_number,
                max(coalesce(altered.protect, FALSE)) AS is_protected
            FROM (
                SELECT json_extract(body, '$.kind') AS kind, json_extract(body, '$.metadata.name') AS name,
                    json_extract(body, '$.metadata.protect') AS protect, digest
                FROM (SELECT DISTINCT digest FROM alteration LIMIT :limit) JOIN manifest USING (digest)
            ) AS altered
            LEFT JOIN resource_version AS last ON last.seq = (
                SELECT seq FROM resource_version WHERE kind = altered.kind AND name = altered.name
                ORDER BY from_revision DESC LIMIT 1)
            WHERE altered.kind IS NOT NULL AND altered.name IS NOT NULL
                AND NOT (
                    EXISTS (
                        SELECT 1 FROM resource_version AS own
                        WHERE own.kind = altered.kind AND own.name = altered.name AND own.to_revision IS NULL
                            AND own.digest = altered.digest)
                    AND coalesce((
                        SELECT action <> 'delete' FROM revision_change AS change
                        WHERE change.kind = altered.kind AND change.name = altered.name
                        ORDER BY revision DESC, position DESC LIMIT 1), FALSE))
            GROUP BY altered.kind, altered.name ORDER BY altered.kind, altered.name
            """, ["limit": Self.misplacedLimit]
        ).map { row in
            let path: String? = try row.find("path")
            return MisplacedResource(
                id: try ResourceID(row: row),
                place: try path.map { path in
                    Place(path: path, mark: Mark(line: try row.get("line"), column: try row.get("column_number")))
                }, isProtected: try row.get("is_protected"))
        }
    }
}
