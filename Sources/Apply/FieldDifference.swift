import Spec
import Values

/// The difference of two manifests, field by field, along the shape of their kind.
enum FieldDifference {
    static func between(_ before: JSON?, _ after: JSON?, of kind: KindName) -> [FieldChange] {
        var walk = Walk()
        for part in ["metadata", "spec"] {
            let shape = part == "metadata" ? Metadata.shape : KindCatalog[kind]?.shape ?? .any
            if before == nil, let value = after?[part] {
                var tokens = [part]
                walk.add(value, shape, &tokens, label: part, isSensitive: false)
                continue
            }
            let path = FieldPath(pointer: JSONPointer([part]), label: part)
            walk.compare(before?[part], after?[part], shape, path, isSensitive: false)
        }
        // The name is the resource's identity and stands above its fields; a spec of nothing but defaults says nothing.
        let unsaid = [JSONPointer(["metadata", "name"]), JSONPointer(["spec"])]
        walk.changes.removeAll { $0.pointer.tokens.count <= 2 && unsaid.contains($0.pointer) }
        // Mostly they are: keys are walked in order.
        let isSorted = zip(walk.changes, walk.changes.dropFirst()).allSatisfy { !precedes($1, $0) }
        return isSorted ? walk.changes : walk.changes.sorted(by: precedes)
    }

    /// Of two mappings of one shape that are no manifests.
    static func between(_ before: JSON, _ after: JSON, along shape: ObjectShape) -> [FieldChange] {
        var walk = Walk()
        for field in shape.fields {
            let path = FieldPath(pointer: JSONPointer([field.name]), label: field.name)
            walk.compare(
                before[field.name], after[field.name], field.shape, path, isSensitive: field.marks.isSensitive)
        }
        return walk.changes
    }

    private static func precedes(_ one: FieldChange, _ other: FieldChange) -> Bool {
        if one.pointer != other.pointer { return one.pointer < other.pointer }
        // What left a place of a list stands before what came there.
        return one.after == nil && other.after != nil
    }

    private struct Walk {
        var changes: [FieldChange] = []

        /// Everything that a new value says: the same as comparing it with nothing.
        mutating func add(
            _ value: JSON, _ shape: Shape, _ tokens: inout [String], label: String, isSensitive: Bool
        ) {
            guard case .object(let members) = value, !members.isEmpty else {
                changes.append(
                    FieldChange(
                        pointer: JSONPointer(tokens), label: label, before: nil, after: isSensitive ? nil : value,
                        isSensitive: isSensitive))
                return
            }
            for (key, member) in members {
                let (memberShape, isMemberSensitive) = self.shape(of: key, in: shape, value)
                tokens.append(key)
                add(
                    member, memberShape, &tokens, label: "\(label).\(key)",
                    isSensitive: isSensitive || isMemberSensitive)
                tokens.removeLast()
            }
        }

        mutating func compare(
            _ before: JSON?, _ after: JSON?, _ shape: Shape, _ path: FieldPath, isSensitive: Bool
        ) {
            if before == after { return }
            if let keys = memberKeys(before, after) {
                for key in keys.sorted() {
                    let (member, isMemberSensitive) = self.shape(of: key, in: shape, before ?? after)
                    compare(
                        before?[key], after?[key], member, path.member(key),
                        isSensitive: isSensitive || isMemberSensitive)
                }
                return
            }
            if case .array(let old)? = before, case .array(let new)? = after, hasObjects(old) || hasObjects(new) {
                if let old = NamedItems(old), let new = NamedItems(new) {
                    return compare(old, new, itemShape(of: shape), path, isSensitive: isSensitive)
                }
                if hasObjects(old), hasObjects(new) {
                    for index in 0..<max(old.count, new.count) {
                        let item = itemShape(of: shape)
                        compare(before?[index], after?[index], item, path.item(index), isSensitive: isSensitive)
                    }
                    return
                }
            }
            add(before, after, path, isSensitive: isSensitive)
        }

        /// Items are found again by their names, wherever they stand in the list; another order is a change of the list.
        private mutating func compare(
            _ before: NamedItems, _ after: NamedItems, _ shape: Shape, _ path: FieldPath, isSensitive: Bool
        ) {
            let hidesParts = isSensitive || shape.hidesParts
            for item in before.items where after[item.key] == nil {
                let path = path.item(item.index, named: item.label)
                if hidesParts {
                    compare(item.value, nil, shape, path, isSensitive: isSensitive)
                } else {
                    add(item.value, nil, path, isSensitive: false)
                }
            }
            for item in after.items {
                if before[item.key] == nil, !hidesParts {
                    add(nil, item.value, path.item(item.index, named: item.label), isSensitive: false)
                    continue
                }
                var old = before[item.key]?.value
                var new: JSON? = item.value
                if let known = old, known.string != nil || item.value.string != nil {
                    (old, new) = (NamedItems.mapping(known), NamedItems.mapping(item.value))
                }
                compare(old, new, shape, path.item(item.index, named: item.label), isSensitive: isSensitive)
            }
            let stayed = before.items.filter { after[$0.key] != nil }
            let now = after.items.filter { before[$0.key] != nil }
            guard stayed.map(\.key) != now.map(\.key) else { return }
            add(
                .array(stayed.map { .string($0.label) }), .array(now.map { .string($0.label) }), path.order,
                isSensitive: isSensitive)
        }

        private mutating func add(_ before: JSON?, _ after: JSON?, _ path: FieldPath, isSensitive: Bool) {
            changes.append(
                FieldChange(
                    pointer: path.pointer, label: path.label, before: isSensitive ? nil : before,
                    after: isSensitive ? nil : after, isSensitive: isSensitive))
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
                return object.member(key) ?? (.any, false)
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

extension Shape {
    /// Whether something in it must not be shown.
    var hidesParts: Bool {
        switch self {
        case .object(let object): object.fields.contains { $0.marks.isSensitive || $0.shape.hidesParts }
        case .list(let item, _), .map(let item): item.hidesParts
        case .anyOf(let alternatives): alternatives.contains { $0.hidesParts }
        case .text, .integer, .number, .boolean, .choice, .reference, .jsonSchema, .any: false
        }
    }
}
