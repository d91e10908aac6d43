import Spec
import Values

/// What applying a commit would change: a value, computed without side effects.
package struct Plan: Sendable {
    /// The recorded state that the plan starts from.
    package struct Basis: Sendable, Hashable {
        /// 0 before the first revision.
        package let revision: Int
        package let commit: String?

        package init(revision: Int, commit: String?) {
            self.revision = revision
            self.commit = commit
        }

        package static let nothing = Basis(revision: 0, commit: nil)
    }

    /// The commit that is planned; nil for files that are not committed.
    package let commit: String?
    package let basis: Basis
    /// The clock of the plan (DESIGN.md rule 1).
    package let asOf: Instant
    /// In order of kind and name.
    package let changes: [PlannedChange]
    /// The same resources in other files.
    package let moves: [Resource]
    /// The same resources on other lines of their files: recorded with the rest, and not worth a word.
    package let shifts: [Resource]
    package let unchanged: Int
    /// Warnings about the manifests.
    package let warnings: [Diagnostic]
    /// When new and changed schedules fire next. No part of the digest.
    package let forecasts: [Forecast]
    /// What it would do beyond the resources, where that was asked for. No part of the digest.
    package var impact: Impact? = nil

    package var isEmpty: Bool { changes.isEmpty }

    package func count(_ action: PlannedChange.Action) -> Int {
        changes.count { $0.action == action }
    }

    /// The plan's identity: what it changes from and to, and nothing else. Two plans with the same digest do the same.
    package var digest: Digest {
        Digest(
            of: .array(
                changes.map { change in
                    var object: [String: JSON] = [
                        "action": .string(change.action.rawValue), "kind": .string(change.id.kind.rawValue),
                        "name": .string(change.id.name),
                    ]
                    object["before"] = (change.before?.digest.text).map(JSON.string)
                    object["after"] = (change.after?.digest.text).map(JSON.string)
                    return .object(object)
                }))
    }
}

/// One resource that would change.
package struct PlannedChange: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        case create
        case update
        case delete
    }

    package let action: Action
    package let id: ResourceID
    /// What is recorded; nil for what is created.
    package let before: Resource?
    /// What is declared; nil for what is deleted.
    package let after: Resource?
    /// One clause: why this action.
    package let reason: String
    package let fields: [FieldChange]

    /// Where the declaration stands; of what is deleted, where it stood.
    package var place: Place? { (after ?? before)?.place }
}

/// One field of a resource that would change.
package struct FieldChange: Sendable, Hashable {
    /// Into the manifest: `/spec/model/name`.
    package let pointer: JSONPointer
    package let before: JSON?
    package let after: JSON?
    /// Its values must not be shown.
    package let isSensitive: Bool
}

/// When a schedule fires next.
package struct Forecast: Sendable, Hashable {
    package let trigger: String
    package let timeZone: String
    /// RFC 3339 with the zone's offset.
    package let times: [String]
}
