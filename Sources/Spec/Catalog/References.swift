import Values

/// Where a resource names another one.
package struct ReferenceUse: Sendable, Hashable {
    package let pointer: JSONPointer
    package let target: ResourceID

    /// Whether work comes to the target by it. Owners and members are no uses, and neither is what a trigger only
    /// listens to.
    package var isUse: Bool {
        let tokens = pointer.tokens
        guard tokens.count > 1, tokens[0] == "spec" else { return true }
        switch tokens[1] {
        case "owner", "members", "on", "webhook": return false
        default: return true
        }
    }
}

extension Shape {
    /// - Parameter tokens: of the way to the value
    func collectReferences(in value: JSON, at tokens: inout [String], into found: inout [ReferenceUse]) {
        switch self {
        case .reference(let kind):
            guard let name = value.string else { return }
            found.append(ReferenceUse(pointer: JSONPointer(tokens), target: ResourceID(kind: kind, name: name)))
        case .list(let item, _):
            guard item.mayRefer else { return }
            for (index, element) in (value.array ?? []).enumerated() {
                item.collectReferences(in: element, under: String(index), at: &tokens, into: &found)
            }
        case .map(let item):
            guard item.mayRefer else { return }
            for (key, element) in value.object ?? [:] {
                item.collectReferences(in: element, under: key, at: &tokens, into: &found)
            }
        case .object(let object):
            for place in object.referring {
                let name = object.fields[place].name
                guard let element = value[name] else { continue }
                object.fields[place].shape.collectReferences(in: element, under: name, at: &tokens, into: &found)
            }
        case .anyOf(let alternatives):
            alternatives.first { $0.takes(value) }?.collectReferences(in: value, at: &tokens, into: &found)
        case .text, .integer, .number, .boolean, .choice, .jsonSchema, .any:
            return
        }
    }

    private func collectReferences(
        in value: JSON, under token: String, at tokens: inout [String], into found: inout [ReferenceUse]
    ) {
        tokens.append(token)
        collectReferences(in: value, at: &tokens, into: &found)
        tokens.removeLast()
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
