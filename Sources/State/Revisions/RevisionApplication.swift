import Spec
import Values

/// Everything that one applied commit changes, as one value: it happens as one transaction (DESIGN.md rule 2).
package struct RevisionApplication: Sendable {
    package var commit: String
    package var branch: String?
    /// Where in the repository the manifests are; "" for the root.
    package var directory: String
    package var planDigest: Digest
    package var actor: String
    package var at: Instant
    package var changes: [ResourceChange]
    /// Resources whose content stayed and whose place moved.
    package var places: [ResourceID: Place]
    /// Resources whose texts moved, and nothing else of their content.
    package var texts: [MovedTexts]
    package var summary: JSON
    /// Schedules that are new or changed; the others keep their cursors.
    package var cursors: [ScheduleCursor]
    /// When those fire next, by the name of the trigger; worked out later for who is not in it.
    package var upcoming: [String: UpcomingInstant]
    /// Triggers that have a schedule no more.
    package var removedCursors: [String]
    /// What becomes of the instants that a schedule which is changed or removed has not decided yet; asked with its
    /// recorded cursor within the transaction.
    package var undecided: @Sendable (ScheduleCursor) -> SkippedInstants?
    /// For the observation that goes with the revision.
    package var message: String
    package var diagnostics: JSON
    /// What the repository says of itself; nil leaves what is recorded.
    package var settings: Settings?
    /// What its files say; nil leaves what is recorded, which says nothing any more then.
    package var sources: SourceRecord?
    /// What it takes back.
    package var undoes: Undone?
    /// What keeps its last good version; nil leaves what is recorded.
    package var stale: [StaleResource]?
    /// What was altered behind Writ's back and is put back with it.
    package var restoring: Restoring?

    package init(
        commit: String, branch: String? = nil, directory: String = "", planDigest: Digest, actor: String, at: Instant,
        changes: [ResourceChange], places: [ResourceID: Place] = [:], texts: [MovedTexts] = [],
        summary: JSON = [:],
        cursors: [ScheduleCursor] = [], upcoming: [String: UpcomingInstant] = [:], removedCursors: [String] = [],
        undecided: @escaping @Sendable (ScheduleCursor) -> SkippedInstants? = { _ in nil }, message: String = "",
        diagnostics: JSON = [], settings: Settings? = nil, sources: SourceRecord? = nil, undoes: Undone? = nil,
        stale: [StaleResource]? = nil, restoring: Restoring? = nil
    ) {
        self.commit = commit
        self.branch = branch
        self.directory = directory
        self.planDigest = planDigest
        self.actor = actor
        self.at = at
        self.changes = changes
        self.places = places
        self.texts = texts
        self.summary = summary
        self.cursors = cursors
        self.upcoming = upcoming
        self.removedCursors = removedCursors
        self.undecided = undecided
        self.message = message
        self.diagnostics = diagnostics
        self.settings = settings
        self.sources = sources
        self.undoes = undoes
        self.stale = stale
        self.restoring = restoring
    }
}

/// What a plan does to one resource, and what it saw of it.
package struct ResourceChange: Sendable, Hashable {
    package enum Edit: Sendable, Hashable {
        /// The plan saw none.
        case create(ManifestVersion)
        /// The plan saw the content with this digest.
        case update(from: Digest, to: ManifestVersion)
        case delete(from: Digest)
        /// The plan saw the content with this digest under this name, and none under the new one.
        case rename(String, from: Digest, to: ManifestVersion)
    }

    package let id: ResourceID
    package let edit: Edit
    package let reason: String
    /// The plan's list of changed fields, in canonical JSON; sensitive values must not be in it.
    package let fields: String

    package init(id: ResourceID, edit: Edit, reason: String = "", fields: JSON = []) {
        self.init(id: id, edit: edit, reason: reason, fieldsText: fields.canonicalText)
    }

    /// - Parameter fieldsText: canonical JSON
    package init(id: ResourceID, edit: Edit, reason: String, fieldsText: String) {
        self.id = id
        self.edit = edit
        self.reason = reason
        self.fields = fieldsText
    }

    package var action: RevisionChange.Action {
        switch edit {
        case .create: .create
        case .update: .update
        case .delete: .delete
        case .rename: .rename
        }
    }

    /// Of a rename.
    package var formerID: ResourceID? {
        if case .rename(let name, _, _) = edit { ResourceID(kind: id.kind, name: name) } else { nil }
    }

    /// What the plan saw of each resource that this touches; `nil` if it saw none.
    package var expectations: [(id: ResourceID, digest: Digest?)] {
        switch edit {
        case .create: [(id, nil)]
        case .update(let digest, _), .delete(let digest): [(id, digest)]
        case .rename(let name, let digest, _): [(ResourceID(kind: id.kind, name: name), digest), (id, nil)]
        }
    }

    /// What is to be in force.
    package var content: ManifestVersion? {
        switch edit {
        case .create(let content), .update(_, let content), .rename(_, _, let content): content
        case .delete: nil
        }
    }
}

/// A manifest in canonical form and where it stands.
package struct ManifestVersion: Sendable, Hashable {
    /// Canonical JSON.
    package let body: [UInt8]
    /// Of the body.
    package let digest: Digest
    package let place: Place

    package init(manifest: JSON, place: Place) {
        body = manifest.canonicalBytes
        digest = Digest(of: body)
        self.place = place
    }

    package init(_ resource: Resource) {
        (body, digest) = resource.canonical
        place = resource.place
    }

    package var manifest: JSON {
        guard let manifest = JSON(stored: String(decoding: body, as: UTF8.self)) else {
            preconditionFailure("a canonical manifest cannot be read: a bug in writ")
        }
        return manifest
    }
}
