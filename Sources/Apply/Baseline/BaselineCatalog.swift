import Spec
import State
import Values

/// What a baseline says is in force, with the contents that the repository has of it.
package struct BaselineCatalog: Sendable {
    package let applied: AppliedState
    /// Resources of which only the digest is known: what is in the repository at the applied commit is not what is in
    /// force, or the commit is not there.
    package let unknown: Set<ResourceID>

    /// - Parameter committed: what the applied commit says; empty where it is not at hand
    package init(_ baseline: Baseline, committed: Catalog) {
        var unknown: Set<ResourceID> = []
        let resources = baseline.resources.map { entry in
            let known = committed[entry.id].flatMap { $0.digest == entry.digest ? $0.manifest : nil }
            if known == nil { unknown.insert(entry.id) }
            return AppliedResource(
                id: entry.id, manifest: known ?? Self.standIn(entry), digest: entry.digest, place: entry.place,
                sinceRevision: baseline.revision)
        }
        let head = baseline.head
        applied = AppliedState(revision: head.revision, resources: resources, settings: head.settings)
        self.unknown = unknown
    }

    /// Who it is, and what keeps it from being deleted.
    private static func standIn(_ entry: Baseline.Entry) -> JSON {
        var metadata: JSONMembers = ["name": .string(entry.id.name)]
        if entry.isProtected { metadata["protect"] = true }
        return ["apiVersion": "writ/v1", "kind": .string(entry.id.kind.rawValue), "metadata": .object(metadata)]
    }
}

extension Baseline {
    /// What is in force, without its resources.
    package var head: AppliedHead {
        AppliedHead(
            revision: Revision(
                number: revision, commit: commit, directory: directory, createdAt: asOf,
                planDigest: Digest(of: [UInt8]()), actor: "", undoes: undoes), settings: settings)
    }
}

extension Plan {
    /// Takes out what a plan cannot know of resources of which only the digest is known.
    ///
    /// - Parameters:
    ///   - unknown: resources in force
    ///   - reason: why their contents are not known, a clause
    ///   - fix: what to do
    package func withoutContents(of unknown: Set<ResourceID>, reason: String, fix: String) -> Plan {
        guard !unknown.isEmpty else { return self }
        var plan = self
        plan.changes = changes.map { change in
            guard let before = change.before, unknown.contains(before.id), change.action != .delete else {
                return change
            }
            return PlannedChange(
                action: change.action, id: change.id, before: before, after: change.after,
                reason: "its digest changes; what it was before is not known here", fields: [])
        }
        let touched = plan.changes.compactMap(\.before).filter { unknown.contains($0.id) }
        guard let first = touched.first else {
            // Untouched ones are part of what a change reaches all the same.
            if let place = plan.changes.first?.place {
                let names = Self.names(unknown.sorted())
                plan.warnings.append(
                    Diagnostic(
                        .warning, .baseline,
                        "\(reason): without the contents of \(names), what the change does to runs, events and reach is not"
                            + " told", at: place, fix: fix))
            }
            return plan
        }
        let names = Self.names(touched.map(\.id))
        plan.warnings.append(
            Diagnostic(
                .warning, .baseline,
                "\(reason): of \(names) only the digests are compared, renames are not found by content, and what"
                    + " the change does to runs, events and reach is not told", at: first.place, fix: fix))
        return plan
    }

    /// Says so where the revision in force took something back: what it was is in the state alone.
    package mutating func noteUntoldRedone(_ head: AppliedHead) {
        guard let revision = head.revision, let undone = revision.undoes, let place = changes.first?.place else {
            return
        }
        warnings.append(
            Diagnostic(
                .warning, .baseline,
                "revision \(revision.number) took back \(undone): whether this change brings that back is not told by a"
                    + " baseline", at: place, fix: "plan where the state is"))
    }

    private static func names(_ ids: [ResourceID]) -> String {
        ids.prefix(5).map(\.description).joined(separator: ", ") + (ids.count > 5 ? " and \(ids.count - 5) more" : "")
    }
}
