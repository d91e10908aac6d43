import Spec
import Values

/// Whether a change makes another thing of a resource: its kind says which fields cannot change in place.
enum Replacement {
    /// `spec.type`, the field by which it is another thing; nil where it is the same, or nobody knows what it was, as
    /// against a baseline.
    static func field(from old: JSON, to new: JSON, of kind: KindName) -> String? {
        guard old["spec"] != nil else { return nil }
        for name in KindCatalog[kind]?.fixed ?? [] {
            let before = old["spec"]?[name]
            let after = new["spec"]?[name]
            // Of a mapping, what is in it may change.
            let isSame = before?.object != nil && after?.object != nil || before == after
            if !isSame { return "spec.\(name)" }
        }
        return nil
    }
}
