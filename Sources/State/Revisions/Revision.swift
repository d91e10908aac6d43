import GRDB
import Spec
import Values

/// A commit that was applied.
package struct Revision: Sendable, Hashable {
    /// 1, 2, 3 …
    package let number: Int
    package let commit: String
    package let branch: String?
    /// Where in the repository its manifests are; "" for the root.
    package let directory: String
    package let createdAt: Instant
    package let planDigest: Digest
    /// How many resources of each action.
    package let summary: JSON
    /// Who applied: `serve`, or the user of the command line.
    package let actor: String
    /// Of one that takes back another: its commit is the one that was in force, which does not say what it says.
    package let undoes: Undone?

    package init(
        number: Int, commit: String, branch: String? = nil, directory: String = "", createdAt: Instant,
        planDigest: Digest, summary: JSON = [:], actor: String, undoes: Undone? = nil
    ) {
        self.number = number
        self.commit = commit
        self.branch = branch
        self.directory = directory
        self.createdAt = createdAt
        self.planDigest = planDigest
        self.summary = summary
        self.actor = actor
        self.undoes = undoes
    }

    init(row: Row) throws {
        number = try row.get("number")
        commit = try row.get("commit_id")
        branch = try row.find("branch")
        directory = try row.get("directory")
        createdAt = try row.get("created_at")
        planDigest = try row.get("plan_digest")
        summary = try row.get("summary")
        actor = try row.get("actor")
        undoes = try row.find("undoes").map { number in
            let kind: String? = try row.find("undoes_kind")
            let name: String? = try row.find("undoes_name")
            let resource = kind.flatMap { kind in
                name.map { ResourceID(kind: KindName(rawValue: kind), name: $0) }
            }
            return Undone(revision: number, resource: resource)
        }
    }
}

/// What a revision takes back.
package struct Undone: Sendable, Hashable, CustomStringConvertible {
    package let revision: Int
    /// Only what that revision did to this one.
    package let resource: ResourceID?

    package init(revision: Int, resource: ResourceID? = nil) {
        self.revision = revision
        self.resource = resource
    }

    /// `revision 5`, `revision 5 of Agent/brief`
    package var description: String {
        "revision \(revision)" + (resource.map { " of \($0)" } ?? "")
    }
}

/// What a revision did to one resource.
package struct RevisionChange: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
        case create, update, delete, rename
    }

    package let revision: Int
    package let id: ResourceID
    package let action: Action
    /// Of a rename.
    package let formerName: String?
    package let reason: String
    /// The plan's fields, secrets left out by it; none of what is created.
    package var fields: JSON

    init(row: Row) throws {
        revision = try row.get("revision")
        id = try ResourceID(row: row)
        action = try row.get("action")
        formerName = try row.find("former_name")
        reason = try row.get("reason")
        fields = try row.get("fields")
    }
}
