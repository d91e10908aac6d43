import Spec
import Values

/// The difference of two manifests, field by field, along the shape of their kind.
enum FieldDifference {
    static func between(_ before: JSON?, _ after: JSON?, of kind: KindName) -> [FieldChange] {
        var walk = Walk()
        for part in ["metadata", "spec"] {
            let shape = part == "metadata" ? Metadata.shape : KindCatalog[kind]?.shape ?? .any
            walk.compare(before?[part], after?[part], shape, JSONPointer([part]), isSensitive: false)
        }
        // The name is the resource's identity and stands above its fields; a spec of nothing but defaults says nothing.
        let unsaid = [JSONPointer(["metadata", "name"]), JSONPointer(["spec"])]
        return walk.changes.filter { !unsaid.contains($0.pointer) }.sorted { $0.pointer < $1.pointer }
    }

    private struct Walk {
        var changes: [FieldChange] = []

        mutating func compare(
            _ before: JSON?, _ after: JSON?, _ shape: Shape, _ pointer: JSONPointer, isSensitive: Bool
        ) {
            if before == after { return }
            if let keys = memberKeys(before, after) {
                for key in keys.sorted() {
                    let (member, isMemberSensitive) = self.shape(of: key, in: shape, before ?? after)
                    compare(
                        before?[key], after?[key], member, pointer.appending(key),
                        isSensitive: isSensitive || isMemberSensitive)
                }
                return
            }
            if case .array(let old)? = before, case .array(let new)? = after, hasObjects(old), hasObjects(new) {
                for index in 0..<max(old.count, new.count) {
                    let item = itemShape(of: shape)
                    compare(
                        before?[index], after?[index], item, pointer.appending(index), isSensitive: isSensitive)
                }
                return
            }
            changes.append(
                FieldChange(
                    pointer: pointer, before: isSensitive ? nil : before, after: isSensitive ? nil : after,
                    isSensitive: isSensitive))
        }

        /// The keys to go down into: where both sides are mappings, or one is and the other is not there.
        private func memberKeys(_ before: JSON?, _ after: JSON?) -> Set<String>? {
            switch (before, after) {
            case (.object(let old)?, .object(let new)?): Set(old.keys).union(new.keys)
            case (.object(let only)?, nil), (nil, .object(let only)?): only.isEmpty ? nil : Set(only.keys)
            default: nil
            }
        }

        private func hasObjects(_ values: [JSON]) -> Bool {
            values.contains { $0.object != nil }
        }

        private func shape(of key: String, in shape: Shape, _ value: JSON?) -> (Shape, Bool) {
            switch shape {
            case .object(let object):
                guard let field = object[field: key] else { return (.any, false) }
                return (field.shape, field.marks.isSensitive)
            case .map(let item): return (item, false)
            case .anyOf(let alternatives):
                guard let value, let taken = alternatives.first(where: { $0.takes(value) }) else {
                    return (.any, false)
                }
                return self.shape(of: key, in: taken, value)
            default: return (.any, false)
            }
        }

        private func itemShape(of shape: Shape) -> Shape {
            switch shape {
            case .list(let item, _): item
            case .anyOf(let alternatives): alternatives.first { $0.takes(.array([])) }.map { itemShape(of: $0) } ?? .any
            default: .any
            }
        }
    }
}
