import Spec
import Values

/// What one change of a plan comes from and leads to, read from the object of `plan -o json`. The digest of a plan is
/// over these and nothing else.
package struct PlannedContent: Sendable, Hashable {
    package let action: String
    package let id: ResourceID
    /// Of a rename.
    package let formerName: String?
    package let before: Digest?
    package let after: Digest?

    /// Nil for what no plan of this version writes.
    package init?(_ change: JSON) {
        guard let action = change["action"]?.string, PlannedChange.Action(rawValue: action) != nil,
            let kind = change["kind"]?.string, let name = change["name"]?.string
        else { return nil }
        self.action = action
        id = ResourceID(kind: KindName(rawValue: kind), name: name)
        formerName = change["renamedFrom"]?.string
        before = change["beforeDigest"]?.string.flatMap { Digest($0) }
        after = change["afterDigest"]?.string.flatMap { Digest($0) }
        guard before != nil || after != nil else { return nil }
    }

    init(_ change: PlannedChange) {
        action = change.action.rawValue
        id = change.id
        formerName = change.formerID?.name
        before = change.before?.digest
        after = change.after?.digest
    }

    /// Whether what is in force is what the change leads to.
    ///
    /// - Parameter digest: of a resource that is in force
    package func isInForce(_ digest: (ResourceID) throws -> Digest?) rethrows -> Bool {
        if let formerName, try digest(ResourceID(kind: id.kind, name: formerName)) != nil { return false }
        return try digest(id) == after
    }

    private var json: JSON {
        var object: JSONMembers = [
            "action": .string(action), "kind": .string(id.kind.rawValue), "name": .string(id.name),
        ]
        object["from"] = formerName.map(JSON.string)
        object["before"] = (before?.text).map(JSON.string)
        object["after"] = (after?.text).map(JSON.string)
        return .object(object)
    }

    package static func digest(of changes: [PlannedContent]) -> Digest { Digest(of: .array(changes.map(\.json))) }
}
