extension JSONSchemaValidator {
    mutating func properties(
        _ properties: JSONSchemaProperties, _ value: JSON, _ pointer: JSONPointer
    ) -> JSONSchemaSeen? {
        guard let members = value.object else { return JSONSchemaSeen() }
        var seen = JSONSchemaSeen()
        var isValid = true
        for (key, member) in members {
            guard let nodes = applying(properties, to: key, pointer) else { return nil }
            for node in nodes where apply(node, to: member, at: key) == nil { isValid = false }
            if schema.needsAnnotations, !nodes.isEmpty { seen.properties.insert(key) }
        }
        return isValid ? seen : nil
    }

    /// The schemas for a property; `nil` when a pattern was given up.
    private mutating func applying(
        _ properties: JSONSchemaProperties, to key: String, _ pointer: JSONPointer
    ) -> [Int]? {
        var nodes: [Int] = []
        if let node = properties.named.value(of: key) { nodes.append(node) }
        for (pattern, node) in properties.patterns {
            guard let isMatch = matches(pattern, key, pointer.appending("patternProperties")) else { return nil }
            if isMatch { nodes.append(node) }
        }
        if nodes.isEmpty, let node = properties.additional { nodes.append(node) }
        return nodes
    }

    mutating func propertyNames(_ node: Int, _ value: JSON) -> JSONSchemaSeen? {
        guard let members = value.object else { return JSONSchemaSeen() }
        var isValid = true
        for key in members.keys {
            if apply(node, to: .string(key), at: key) == nil { isValid = false }
        }
        return isValid ? JSONSchemaSeen() : nil
    }

    mutating func items(_ prefix: [Int], _ rest: Int?, _ value: JSON) -> JSONSchemaSeen? {
        guard let values = value.array else { return JSONSchemaSeen() }
        var seen = JSONSchemaSeen()
        var isValid = true
        for (place, item) in values.enumerated() {
            guard let node = place < prefix.count ? prefix[place] : rest else { break }
            if apply(node, to: item, at: String(place)) == nil { isValid = false }
            if schema.needsAnnotations { seen.items.insert(place) }
        }
        return isValid ? seen : nil
    }

    mutating func contains(
        _ node: Int, _ atLeast: Int, _ atMost: Int?, _ value: JSON, _ pointer: JSONPointer
    ) -> JSONSchemaSeen? {
        guard let values = value.array else { return JSONSchemaSeen() }
        var seen = JSONSchemaSeen()
        var count = 0
        for (place, item) in values.enumerated() where attempt(node, on: item).seen != nil {
            count += 1
            if schema.needsAnnotations { seen.items.insert(place) }
        }
        if count < atLeast {
            return fail(
                "must hold at least \(atLeast) items that `contains` describes, and holds \(count)",
                pointer.appending("contains"))
        }
        if let atMost, count > atMost {
            return fail(
                "must hold at most \(atMost) items that `contains` describes, and holds \(count)",
                pointer.appending("maxContains"))
        }
        return seen
    }

    mutating func unevaluatedProperties(_ node: Int, _ value: JSON, _ seen: JSONSchemaSeen) -> JSONSchemaSeen? {
        guard let members = value.object else { return JSONSchemaSeen() }
        var more = JSONSchemaSeen()
        var isValid = true
        for (key, member) in members
        where !seen.properties.contains(key) {
            if apply(node, to: member, at: key) == nil { isValid = false }
            more.properties.insert(key)
        }
        return isValid ? more : nil
    }

    mutating func unevaluatedItems(_ node: Int, _ value: JSON, _ seen: JSONSchemaSeen) -> JSONSchemaSeen? {
        guard let values = value.array else { return JSONSchemaSeen() }
        var more = JSONSchemaSeen()
        var isValid = true
        for (place, item) in values.enumerated() where !seen.items.contains(place) {
            if apply(node, to: item, at: String(place)) == nil { isValid = false }
            more.items.insert(place)
        }
        return isValid ? more : nil
    }
}
