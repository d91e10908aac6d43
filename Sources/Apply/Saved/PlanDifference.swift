import Spec
import Values

/// What a saved plan says and the same plan made anew does not, and the other way round: why it holds no more.
package struct PlanDifference: Sendable, Hashable {
    /// A change of the saved plan that is not to be made any more.
    package struct Gone: Sendable, Hashable {
        let change: JSON
        /// Somebody else made it meanwhile.
        let isInForce: Bool
    }

    /// A resource that both plans change, each in its way.
    package struct Different: Sendable, Hashable {
        let saved: JSON
        let current: JSON
        /// JSON pointers of the fields that the two plans do not change alike; empty where the resource was
        /// another one before, or the difference is in values that are not shown.
        let fields: [String]
    }

    package let gone: [Gone]
    /// Changes that the saved plan knows nothing of.
    package let new: [JSON]
    package let different: [Different]

    package var isEmpty: Bool { gone.isEmpty && new.isEmpty && different.isEmpty }

    /// - Parameters:
    ///   - saved: `changes` of a saved plan
    ///   - plan: of now
    ///   - digest: of a resource that is in force
    package init(saved: [JSON], current plan: Plan, digest: (ResourceID) throws -> Digest?) rethrows {
        let current = plan.changes.map(\.json)
        let now = Dictionary(current.map { (Self.key($0), $0) }) { first, _ in first }
        let then = Dictionary(saved.map { (Self.key($0), $0) }) { first, _ in first }
        gone = try saved.filter { now[Self.key($0)] == nil }.map { change in
            Gone(change: change, isInForce: try PlannedContent(change)?.isInForce(digest) ?? false)
        }
        new = current.filter { then[Self.key($0)] == nil }
        different = saved.compactMap { change in
            guard let other = now[Self.key(change)], PlannedContent(change) != PlannedContent(other) else { return nil }
            return Different(saved: change, current: other, fields: Self.fields(change, other))
        }
    }

    private static func key(_ change: JSON) -> ResourceID {
        ResourceID(
            kind: KindName(rawValue: change["kind"]?.string ?? ""), name: change["name"]?.string ?? "")
    }

    private static func fields(_ saved: JSON, _ current: JSON) -> [String] {
        let (old, new) = (byPath(saved), byPath(current))
        return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    }

    static func byPath(_ change: JSON) -> JSONMembers {
        JSONMembers((change["fields"]?.array ?? []).map { ($0["path"]?.string ?? "", $0) })
    }

    /// The part `outdated` of what `apply -o json` prints.
    package var json: JSON {
        [
            "gone": .array(gone.map { ["change": $0.change, "inForce": .bool($0.isInForce)] }),
            "new": .array(new),
            "different": .array(
                different.map {
                    ["saved": $0.saved, "current": $0.current, "fields": .array($0.fields.map(JSON.string))]
                }),
        ]
    }
}
