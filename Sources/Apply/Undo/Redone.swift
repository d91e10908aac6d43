import Spec
import State
import Values

extension Plan {
    /// Notes which changes bring back what operators took back since the last commit: the branch has moved, and still
    /// says it.
    package mutating func noteRedone(_ state: StateReader) throws(StateError) {
        guard let latest = try state.latestRevision(), latest.number == basis.revision, latest.undoes != nil,
            let taken = try state.takenBack()
        else { return }
        var redone: [ResourceID] = []
        for change in changes where taken.resources[change.id] != nil {
            // Only what had been made again is gone again as it was before.
            guard change.action != .delete || taken.madeAgain.contains(change.id) else { continue }
            let before = try state.resource(change.id, at: taken.base.number).map { Resource($0) }
            if Resource.areTheSame(before, change.after) { redone.append(change.id) }
        }
        let revisions = Set(redone.compactMap { taken.resources[$0]?.number }).sorted(by: >)
        guard let last = revisions.first else { return }
        let undone = revisions.count == 1 ? redone.first.flatMap { taken.resources[$0]?.undoes } : nil
        self.redone = Redone(revision: last, earlier: Array(revisions.dropFirst()), undone: undone, resources: redone)
    }
}

/// What a plan brings back of what an operator took back.
package struct Redone: Sendable, Hashable {
    /// That took it back; where several did, the last of them.
    package let revision: Int
    let earlier: [Int]
    /// What the only one undid.
    let undone: Undone?
    package let resources: [ResourceID]

    private static let shown = 20

    var section: ImpactSection {
        let numbers = (earlier.reversed() + [revision]).map(String.init).joined(separator: ", ")
        let what = undone.map { " (\($0))" } ?? ""
        let more = resources.count > Self.shown ? ["and \(resources.count - Self.shown) more"] : []
        return ImpactSection(
            title: "Brings back what \(earlier.isEmpty ? "revision" : "revisions") \(numbers) took back\(what)",
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
