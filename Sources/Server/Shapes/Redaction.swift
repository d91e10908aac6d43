import Spec
import Values

/// Takes out of a manifest what its kind marks as sensitive (fault G128).
package enum Redaction {
    package static let replacement: JSON = "(sensitive)"

    package static func redact(_ manifest: JSON, of kind: KindName) -> JSON {
        guard case .object(var members) = manifest, let spec = members["spec"] else { return manifest }
        // A kind that this version does not know has fields that it cannot judge.
        members["spec"] = KindCatalog[kind].map { redact(spec, $0.shape) } ?? [:]
        return .object(members)
    }

    package static func redact(_ value: JSON, _ shape: Shape) -> JSON {
        switch (value, shape) {
        case (_, .anyOf(let alternatives)):
            guard let taken = alternatives.first(where: { $0.takes(value) }) else { return value }
            return redact(value, taken)
        case (.object(let members), .object(let object)):
            let pairs = members.map { key, value -> (String, JSON) in
                guard let field = object[field: key] else { return (key, value) }
                return (key, field.marks.isSensitive ? replacement : redact(value, field.shape))
            }
            return .object(JSONMembers(pairs))
        case (.object(let members), .map(let item)):
            return .object(members.mapValues { redact($0, item) })
        case (.array(let items), .list(let item, _)):
            return .array(items.map { redact($0, item) })
        default:
            return value
        }
    }
}
