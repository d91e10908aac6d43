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

    /// Over the canonical JSON of a list of objects, written as text: a first plan has tens of thousands.
    package static func digest(of changes: [PlannedContent]) -> Digest {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        bytes.reserveCapacity(changes.count * 192)
        for change in changes {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            change.append(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        return Digest(of: bytes)
    }

    /// Members in order of their keys; what there is not is left out.
    private func append(to bytes: inout [UInt8]) {
        Self.append(#"{"action":"#, action, to: &bytes)
        if let after { Self.append(#","after":"#, after.text, to: &bytes) }
        if let before { Self.append(#","before":"#, before.text, to: &bytes) }
        if let formerName { Self.append(#","from":"#, formerName, to: &bytes) }
        Self.append(#","kind":"#, id.kind.rawValue, to: &bytes)
        Self.append(#","name":"#, id.name, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    private static func append(_ key: StaticString, _ value: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(quoted: value)
    }
}
