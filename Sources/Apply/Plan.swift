import Spec
import State
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
    package internal(set) var changes: [PlannedChange]
    /// The same resources in other files, or with their texts in other ones.
    package let moves: [PlannedMove]
    /// The same resources on other lines of their files: recorded with the rest, and not worth a word.
    package let shifts: [Resource]
    package let unchanged: Int
    /// Warnings about the manifests.
    package internal(set) var warnings: [Diagnostic]
    /// When new and changed schedules fire next. No part of the digest.
    package let forecasts: [Forecast]
    /// What it would do beyond the resources, where that was asked for. No part of the digest.
    package var impact: Impact? = nil

    /// Why this may not be applied, whatever the operator says: the commit has to say more, or something else.
    package var problems: [Diagnostic] = []
    /// That this deletes so much that somebody has to agree to it.
    package var brake: BrakeFinding?
    /// Of the manifests, from the repository's root; "" for the root itself. No part of the digest.
    package var directory = ""
    /// What `writ.yaml` of the commit says; in force for the commits after it.
    package var settings: Settings = .standard
    /// What that changes of what is in force; nil where nothing, and where nobody asked.
    package var settingsChange: SettingsChange?
    /// What the commit's files say, to be recorded with it; nil where that is not known, or recorded already.
    package var sources: SourceRecord?
    /// In force and no longer declared, where nothing is pruned.
    package var kept: [Resource] = []
    /// What operators hold resources to by hand, whatever is applied.
    package var overrides: [Override] = []
    /// What is recorded and was altered behind Writ's back.
    package internal(set) var drift: [Drift] = []
    /// How far the alterations that the state noted were looked at.
    var alteration: Int?
    /// What it brings back of what an operator took back.
    package internal(set) var redone: Redone?
    /// What is taken back, where that is no commit's plan.
    package var undoes: Undone?
    /// What keeps its last good version, because the commit is broken there.
    package var stale: [StaleResource] = []
    /// Mistakes of the commit that keep no resource back: nothing that is known stands there.
    package var unheld: [Diagnostic] = []
    /// Why `apply` would refuse the commit whatever it changes: it does not go on from what is applied, is not signed,
    /// or was taken back.
    package var hindrance: String?

    package var isEmpty: Bool { changes.isEmpty }

    /// What is wrong with the commit and keeps parts of it from being applied, or all of it.
    package var errors: [Diagnostic] { mistakes + problems }

    /// All that a reader has to be told as an error: a brake, too, that nobody has released.
    package var allErrors: [Diagnostic] { mistakes + refusals }

    /// What is wrong with the commit itself, in order of place.
    package var mistakes: [Diagnostic] { Set(stale.flatMap(\.diagnostics) + unheld).sorted() }

    /// Whether parts of the commit are left out, because they are broken.
    package var isPartial: Bool { !stale.isEmpty || !unheld.isEmpty }

    /// `2 not as the commit says, which is broken there`; nil where all of the commit is taken.
    package var leftOut: String? {
        if !stale.isEmpty { return "\(stale.count) not as the commit says, which is broken there" }
        return unheld.isEmpty ? nil : "what the commit says is broken in part, and left out there"
    }

    /// What is recorded of it once it is applied.
    package var message: String {
        PlanText.summary(self) + (leftOut.map { " \($0.prefix(1).uppercased())\($0.dropFirst())." } ?? "")
    }

    /// Everything that keeps this plan from being applied now.
    package var refusals: [Diagnostic] { problems + (brake.map { $0.isReleased ? [] : [$0.diagnostic] } ?? []) }

    package func count(_ action: PlannedChange.Action) -> Int {
        changes.count { $0.action == action }
    }

    /// The plan's identity: what it changes from and to, and nothing else. Two plans with the same digest do the same.
    package var digest: Digest { PlannedContent.digest(of: changes.map { PlannedContent($0) }) }
}

/// One resource that would change.
package struct PlannedChange: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        case create
        case update
        case delete
        /// Another thing under the same name, as its kind says.
        case replace
        /// The same resource under another name, its fields as they were or not.
        case rename
    }

    /// Shared by all copies, which plans make many of.
    private let content: Content

    private final class Content: Sendable {
        let action: Action
        let id: ResourceID
        let before: Resource?
        let after: Resource?
        let reason: String
        /// Nil for what is created: everything that it says, worked out when it is asked for.
        let differences: [FieldChange]?

        init(
            _ action: Action, _ id: ResourceID, _ before: Resource?, _ after: Resource?, _ reason: String,
            _ differences: [FieldChange]?
        ) {
            self.action = action
            self.id = id
            self.before = before
            self.after = after
            self.reason = reason
            self.differences = differences
        }
    }

    init(
        action: Action, id: ResourceID, before: Resource?, after: Resource?, reason: String,
        fields: [FieldChange]? = nil
    ) {
        content = Content(action, id, before, after, reason, fields)
    }

    package var action: Action { content.action }
    package var id: ResourceID { content.id }
    /// What is recorded, of a renamed resource under its former name; nil for what is created.
    package var before: Resource? { content.before }
    /// What is declared; nil for what is deleted.
    package var after: Resource? { content.after }
    /// One clause: why this action.
    package var reason: String { content.reason }

    /// Worked out anew with each call for what is created: a first plan of a large repository would hold them all.
    package var fields: [FieldChange] {
        content.differences ?? FieldDifference.between(before?.manifest, after?.manifest, of: id.kind)
    }

    /// Of a renamed resource.
    package var formerID: ResourceID? { action == .rename ? before?.id : nil }

    /// Where the declaration stands; of what is deleted, where it stood.
    package var place: Place? { (after ?? before)?.place }
}

/// One field of a resource that would change.
package struct FieldChange: Sendable, Hashable {
    /// Into the manifest: `/spec/model/name`; of what is gone, into the manifest before.
    package let pointer: JSONPointer
    /// The same for people: `spec.model.name`, `spec.tools[publish].approval`.
    package let label: String
    package let before: JSON?
    package let after: JSON?
    /// Its values must not be shown.
    package let isSensitive: Bool

    /// What came into a list of single values and what left it; nil where that does not tell the whole change.
    package var items: (added: [JSON], removed: [JSON])? {
        guard let old = before?.array, let new = after?.array else { return nil }
        func isSingle(_ value: JSON) -> Bool { value.object == nil && value.array == nil }
        guard old.count <= 1_000, new.count <= 1_000, (old + new).allSatisfy(isSingle) else { return nil }
        var removed = old
        var added: [JSON] = []
        for value in new {
            if let place = removed.firstIndex(of: value) { removed.remove(at: place) } else { added.append(value) }
        }
        // All new is easier read as the two lists, and so is another order.
        guard removed.count < old.count, !(removed.isEmpty && added.isEmpty) else { return nil }
        return (added, removed)
    }
}

/// When a schedule fires next.
package struct Forecast: Sendable, Hashable {
    package let trigger: String
    package let timeZone: String
    /// RFC 3339 with the zone's offset.
    package let times: [String]
}
