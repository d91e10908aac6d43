import Spec
import State
import Values

extension Plan {
    /// Notes which changes bring back what the revision in force took back: the branch has moved, and still says it.
    package mutating func noteRedone(_ state: StateReader) throws(StateError) {
        guard let revision = try state.latestRevision(), revision.number == basis.revision, let undone = revision.undoes
        else { return }
        let changed = try state.changes(of: revision.number)
        let taken = Set(
            changed.flatMap { change in
                [change.id] + (change.formerName.map { [ResourceID(kind: change.id.kind, name: $0)] } ?? [])
            })
        // Only what it had brought back is gone again as it was before.
        let broughtBack = Set(changed.filter { $0.action == .create }.map(\.id))
        var redone: [ResourceID] = []
        for change in changes where taken.contains(change.id) {
            guard change.action != .delete || broughtBack.contains(change.id) else { continue }
            let before = try state.resource(change.id, at: undone.revision).map { Resource($0) }
            if Resource.areTheSame(before, change.after) { redone.append(change.id) }
        }
        guard !redone.isEmpty else { return }
        self.redone = Redone(revision: revision.number, undone: undone, resources: redone)
    }
}

/// What a plan brings back of what an operator took back.
package struct Redone: Sendable, Hashable {
    /// That took it back.
    package let revision: Int
    let undone: Undone
    package let resources: [ResourceID]

    private static let shown = 20

    var section: ImpactSection {
        let more = resources.count > Self.shown ? ["and \(resources.count - Self.shown) more"] : []
        return ImpactSection(
            title: "Brings back what revision \(revision) took back (\(undone))",
            lines: resources.prefix(Self.shown).map(\.description) + more)
    }

    var json: JSON {
        [
            "revision": .number(JSONNumber(revision)),
            "resources": .array(
                resources.map { ["kind": .string($0.kind.rawValue), "name": .string($0.name)] }),
        ]
    }
}
