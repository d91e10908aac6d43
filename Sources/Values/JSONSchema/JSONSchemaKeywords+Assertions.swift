extension JSONSchemaKeywords {
    /// The keywords that look at the value alone, in the order in which their violations are told.
    func assertions() throws(JSONSchemaError) -> [JSONSchemaAssertion] {
        var rules: [(String, JSONSchemaAssertion.Rule?)] = [
            ("type", try types().map { .type($0) }),
            ("enum", try values().map { .oneOf($0) }),
            ("const", schema["const"].map { .constant($0) }),
        ]
        rules += try numbers() + sizes()
        rules.append(("required", try names(schema["required"], at: place("required")).map { .required($0) }))
        rules.append(("dependentRequired", try dependentRequired().map { .dependentRequired($0) }))
        return rules.compactMap { keyword, rule in
            rule.map { JSONSchemaAssertion(pointer: place(keyword), rule: $0) }
        }
    }

    private func numbers() throws(JSONSchemaError) -> [(String, JSONSchemaAssertion.Rule?)] {
        let divisor = try number("multipleOf")
        if let divisor, divisor <= JSONNumber(0) { throw wrong("multipleOf", "more than 0") }
        return [
            ("minimum", try number("minimum").map { .minimum($0) }),
            ("exclusiveMinimum", try number("exclusiveMinimum").map { .exclusiveMinimum($0) }),
            ("maximum", try number("maximum").map { .maximum($0) }),
            ("exclusiveMaximum", try number("exclusiveMaximum").map { .exclusiveMaximum($0) }),
            ("multipleOf", divisor.map { .multipleOf($0) }),
        ]
    }

    private func sizes() throws(JSONSchemaError) -> [(String, JSONSchemaAssertion.Rule?)] {
        var pattern: Pattern?
        if let text = try text("pattern") { pattern = try self.pattern(text, at: place("pattern")) }
        let isUnique = try bool("uniqueItems") ?? false
        return [
            ("minLength", try count("minLength").map { .minLength($0) }),
            ("maxLength", try count("maxLength").map { .maxLength($0) }),
            ("pattern", pattern.map { .pattern($0) }),
            ("minItems", try count("minItems").map { .minItems($0) }),
            ("maxItems", try count("maxItems").map { .maxItems($0) }),
            ("uniqueItems", isUnique ? .uniqueItems : nil),
            ("minProperties", try count("minProperties").map { .minProperties($0) }),
            ("maxProperties", try count("maxProperties").map { .maxProperties($0) }),
        ]
    }

    private func types() throws(JSONSchemaError) -> [JSONSchemaType]? {
        guard let value = schema["type"] else { return nil }
        let words = value.array ?? [value]
        let types = words.compactMap { $0.string.flatMap(JSONSchemaType.init(rawValue:)) }
        guard types.count == words.count, !types.isEmpty else {
            let known = JSONSchemaType.allCases.map(\.rawValue).joined(separator: ", ")
            throw wrong("type", "one of \(known), or a list of them")
        }
        return types
    }

    private func values() throws(JSONSchemaError) -> [JSON]? {
        guard let value = schema["enum"] else { return nil }
        guard let values = value.array else { throw wrong("enum", "a list") }
        return values
    }

    private func dependentRequired() throws(JSONSchemaError) -> [String: [String]]? {
        guard let members = try members("dependentRequired") else { return nil }
        var result: [String: [String]] = [:]
        for (key, value) in members {
            result[key] = try names(value, at: place("dependentRequired").appending(key))
        }
        return result
    }
}
