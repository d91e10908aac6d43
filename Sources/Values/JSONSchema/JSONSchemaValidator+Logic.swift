extension JSONSchemaValidator {
    /// Applies one keyword; `nil` when the value is not valid.
    mutating func apply(
        _ applicator: JSONSchemaApplicator, of node: JSONSchemaNode, to value: JSON, _ seen: JSONSchemaSeen
    ) -> JSONSchemaSeen? {
        switch applicator {
        case .reference(let target): apply(target, to: value)
        case .dynamicReference(let target, let anchor): apply(dynamicTarget(target, anchor), to: value)
        case .allOf(let nodes): allOf(nodes, value)
        case .anyOf(let nodes): anyOf(nodes, value, node.pointer.appending("anyOf"))
        case .oneOf(let nodes): oneOf(nodes, value, node.pointer.appending("oneOf"))
        case .not(let other):
            attempt(other, on: value).seen == nil
                ? JSONSchemaSeen() : fail("is what `not` excludes", node.pointer.appending("not"))
        case .condition(let condition, let then, let otherwise): choose(condition, then, otherwise, value)
        case .dependentSchemas(let nodes): dependentSchemas(nodes, value)
        case .properties(let properties): self.properties(properties, value, node.pointer)
        case .propertyNames(let names): propertyNames(names, value)
        case .items(let prefix, let rest): items(prefix, rest, value)
        case .contains(let item, let atLeast, let atMost):
            contains(item, atLeast, atMost, value, node.pointer)
        case .unevaluatedProperties(let other): unevaluatedProperties(other, value, seen)
        case .unevaluatedItems(let other): unevaluatedItems(other, value, seen)
        }
    }

    /// The outermost schema of this dynamic anchor on the way here.
    private func dynamicTarget(_ target: Int, _ anchor: String?) -> Int {
        guard let anchor else { return target }
        for resource in scope where schema.resources.indices.contains(resource) {
            if let node = schema.resources[resource].dynamicAnchors.value(of: anchor) { return node }
        }
        return target
    }

    private mutating func allOf(_ nodes: [Int], _ value: JSON) -> JSONSchemaSeen? {
        var seen = JSONSchemaSeen()
        var isValid = true
        for node in nodes {
            if let more = apply(node, to: value) { seen.merge(more) } else { isValid = false }
        }
        return isValid ? seen : nil
    }

    private mutating func anyOf(_ nodes: [Int], _ value: JSON, _ pointer: JSONPointer) -> JSONSchemaSeen? {
        var seen: JSONSchemaSeen?
        var nearest: [JSONSchemaViolation]?
        for node in nodes {
            let (more, wrong) = attempt(node, on: value)
            guard let more else {
                if wrong.count < nearest?.count ?? Int.max { nearest = wrong }
                continue
            }
            seen = seen ?? JSONSchemaSeen()
            seen?.merge(more)
            if !schema.needsAnnotations { break }
        }
        return seen ?? fail("matches none of the \(nodes.count) schemas of `anyOf`" + hint(nearest), pointer)
    }

    private mutating func oneOf(_ nodes: [Int], _ value: JSON, _ pointer: JSONPointer) -> JSONSchemaSeen? {
        var seen: JSONSchemaSeen?
        var nearest: [JSONSchemaViolation]?
        for node in nodes {
            let (more, wrong) = attempt(node, on: value)
            guard let more else {
                if wrong.count < nearest?.count ?? Int.max { nearest = wrong }
                continue
            }
            if seen != nil { return fail("matches more than one of the schemas of `oneOf`", pointer) }
            seen = more
        }
        return seen ?? fail("matches none of the \(nodes.count) schemas of `oneOf`" + hint(nearest), pointer)
    }

    /// The first thing wrong with the alternative that was nearest.
    private func hint(_ violations: [JSONSchemaViolation]?) -> String {
        guard let first = violations?.first else { return "" }
        let inside = JSONPointer(Array(first.instancePath.tokens.dropFirst(path.count)))
        return "; nearest: " + (inside.tokens.isEmpty ? "" : "`\(inside.text)` ") + first.message
    }

    private mutating func choose(_ condition: Int, _ then: Int?, _ otherwise: Int?, _ value: JSON) -> JSONSchemaSeen? {
        let answer = attempt(condition, on: value).seen
        guard let branch = answer == nil ? otherwise : then else { return answer ?? JSONSchemaSeen() }
        guard var seen = apply(branch, to: value) else { return nil }
        if let answer { seen.merge(answer) }
        return seen
    }

    private mutating func dependentSchemas(_ nodes: [String: Int], _ value: JSON) -> JSONSchemaSeen? {
        guard let members = value.object else { return JSONSchemaSeen() }
        let wanted = nodes.filter { members[$0.key] != nil }.sorted { $0.key.precedesInBytes($1.key) }
        return allOf(wanted.map(\.value), value)
    }
}
