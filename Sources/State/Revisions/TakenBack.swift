import Spec
import Values

/// What operators took back since a commit was last applied and that commit still says.
package struct TakenBack: Sendable {
    /// The revision that the commit made.
    package let base: Revision
    /// What is otherwise since, each with the last revision that took something of it back. What came again is not there.
    package let resources: [ResourceID: Revision]
    /// Those of them that were made again.
    package let madeAgain: Set<ResourceID>
}

extension StateReader {
    /// Revisions that are gone through.
    private static let takenBackLimit = 100

    /// Nil while what is in force is what its commit says.
    package func takenBack() throws(StateError) -> TakenBack? {
        var undoing: [Revision] = []
        var next = try latestRevision()
        while let revision = next, revision.undoes != nil, undoing.count < Self.takenBackLimit {
            undoing.append(revision)
            next = try self.revision(revision.number - 1)
        }
        guard !undoing.isEmpty, let base = next else { return nil }
        var seen: Set<ResourceID> = []
        var resources: [ResourceID: Revision] = [:]
        var madeAgain: Set<ResourceID> = []
        for revision in undoing {
            for change in try changes(of: revision.number) {
                let former = change.formerName.map { ResourceID(kind: change.id.kind, name: $0) }
                for id in [change.id, former].compactMap(\.self) where seen.insert(id).inserted {
                    let before = try resource(id, at: base.number)?.digest
                    guard try resource(id)?.digest != before else { continue }
                    resources[id] = revision
                    if change.action == .create { madeAgain.insert(id) }
                }
            }
        }
        return resources.isEmpty ? nil : TakenBack(base: base, resources: resources, madeAgain: madeAgain)
    }
}
