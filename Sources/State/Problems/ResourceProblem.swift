import GRDB
import Spec
import Values

/// Why a resource that was applied cannot work where it is served, and since when.
package struct ResourceProblem: Sendable, Hashable {
    package enum Reason: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
        /// The zone of a schedule is not among those of the system.
        case unknownTimeZone = "UnknownTimeZone"
        /// No secret of a webhook can be used, so that nobody gets in.
        case secretUnusable = "SecretUnusable"
    }

    package let id: ResourceID
    package let reason: Reason
    package let message: String
    package let since: Instant
    /// `nil` while it goes on.
    package let endedAt: Instant?

    fileprivate init(row: Row) throws {
        id = try ResourceID(row: row)
        reason = try row.get("reason")
        message = try row.get("message")
        since = try row.get("since")
        endedAt = try row.find("ended_at")
    }
}

extension StateReader {
    /// Those that go on, and those that are over.
    package func resourceProblems() throws(StateError) -> [ResourceProblem] {
        try read("reading what cannot work") { db in
            try db.rows("SELECT * FROM resource_problem ORDER BY kind, name, reason").map(ResourceProblem.init(row:))
        }
    }
}

extension Database {
    /// What a renamed resource cannot do, it could not do before.
    func renameProblems(_ changes: [ResourceChange]) throws {
        for kind in Set(changes.filter { $0.formerID != nil }.map(\.id.kind)) {
            for (from, to) in NameMoves(changes, of: kind).steps {
                try run(
                    "DELETE FROM resource_problem WHERE kind = :kind AND name = :to", ["kind": kind.rawValue, "to": to])
                try run(
                    "UPDATE resource_problem SET name = :to WHERE kind = :kind AND name = :from",
                    ["kind": kind.rawValue, "from": from, "to": to])
            }
        }
    }
}

extension StateStore {
    /// Records which of some resources have a problem of one sort; writes nothing where that is known.
    ///
    /// - Parameters:
    ///   - found: of each that was looked at what is wrong with it, nil where nothing is
    ///   - isAll: whether there are no others
    package func note(
        _ reason: ResourceProblem.Reason, _ found: [ResourceID: String?], isAll: Bool = false, at now: Instant
    ) throws(StateError) {
        let known = try reader.resourceProblems().filter { $0.reason == reason }
        let ongoing = Dictionary(known.filter { $0.endedAt == nil }.map { ($0.id, $0.message) }) { first, _ in first }
        let changed = found.filter { ongoing[$0.key] != $0.value }
        let gone = isAll ? known.filter { found[$0.id] == nil } : []
        guard !changed.isEmpty || !gone.isEmpty else { return }
        try write("recording what cannot work", silently: true, isWork: true) { db in
            for (id, message) in changed {
                var arguments = id.arguments.merging(["reason": reason, "now": now]) { _, own in own }
                guard let message else {
                    try db.run(
                        """
                        UPDATE resource_problem SET ended_at = :now
                        WHERE kind = :kind AND name = :name AND reason = :reason AND ended_at IS NULL
                        """, arguments)
                    continue
                }
                arguments["message"] = StoredText.capped(message, limit: 1 << 10)
                try db.run(
                    """
                    INSERT INTO resource_problem (kind, name, reason, message, since)
                    VALUES (:kind, :name, :reason, :message, :now)
                    ON CONFLICT (kind, name, reason) DO UPDATE SET message = excluded.message, ended_at = NULL,
                        since = iif(ended_at IS NULL, since, excluded.since)
                    """, arguments)
            }
            for problem in gone {
                try db.run(
                    "DELETE FROM resource_problem WHERE kind = :kind AND name = :name AND reason = :reason",
                    problem.id.arguments.merging(["reason": reason]) { _, own in own })
            }
        }
    }
}
