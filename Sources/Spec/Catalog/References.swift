import Values

/// Where a resource names another one.
package struct ReferenceUse: Sendable, Hashable {
    package let pointer: JSONPointer
    package let target: ResourceID

    /// Whether work comes to the target by it. Owners and members are no uses, and neither is what a trigger only
    /// listens to.
    package var isUse: Bool {
        switch pointer.tokens.prefix(2) {
        case ["spec", "owner"], ["spec", "members"], ["spec", "on"], ["spec", "webhook"]: false
        default: true
        }
    }
}

extension Resource {
    /// The resources that this one names, found by walking its manifest along the shape of its kind.
    package var references: [ReferenceUse] {
        guard let kind = KindCatalog[id.kind], let spec = manifest["spec"] else { return [] }
        var found: [ReferenceUse] = []
        kind.shape.collectReferences(in: spec, at: JSONPointer(["spec"]), into: &found)
        return found
    }
}

extension Shape {
    func collectReferences(in value: JSON, at pointer: JSONPointer, into found: inout [ReferenceUse]) {
        switch self {
        case .reference(let kind):
            guard let name = value.string else { return }
            found.append(ReferenceUse(pointer: pointer, target: ResourceID(kind: kind, name: name)))
        case .list(let item, _):
            for (index, element) in (value.array ?? []).enumerated() {
                item.collectReferences(in: element, at: pointer.appending(index), into: &found)
            }
        case .map(let item):
            for (key, element) in value.object ?? [:] {
                item.collectReferences(in: element, at: pointer.appending(key), into: &found)
            }
        case .object(let object):
            for place in object.referring {
                let name = object.fields[place].name
                guard let element = value[name] else { continue }
                object.fields[place].shape.collectReferences(in: element, at: pointer.appending(name), into: &found)
            }
        case .anyOf(let alternatives):
            alternatives.first { $0.takes(value) }?.collectReferences(in: value, at: pointer, into: &found)
        case .text, .integer, .number, .boolean, .choice, .jsonSchema, .any:
            return
        }
    }

    /// Whether a resource may be named somewhere in it.
    var mayRefer: Bool {
        switch self {
        case .reference: true
        case .list(let item, _), .map(let item): item.mayRefer
        case .object(let object): !object.referring.isEmpty
        case .anyOf(let alternatives): alternatives.contains(where: \.mayRefer)
        case .text, .integer, .number, .boolean, .choice, .jsonSchema, .any: false
        }
    }

    /// Whether a value of this JSON type is this alternative's; alternatives are told apart by type.
    package func takes(_ value: JSON) -> Bool {
        switch (self, value) {
        case (.any, _), (.text, .string), (.choice, .string), (.reference, .string), (.list, .array), (.map, .object),
            (.object, .object), (.jsonSchema, .object), (.boolean, .bool), (.integer, .number), (.number, .number):
            true
        case (.anyOf(let alternatives), _): alternatives.contains { $0.takes(value) }
        default: false
        }
    }
}
