/// One validation: the violations found, the way to the place in the value, and what is left of the bounds.
struct JSONSchemaValidator {
    let schema: JSONSchema
    var violations: [JSONSchemaViolation] = []
    var path: [String] = []
    /// The resources entered, outermost first, for `$dynamicRef`.
    var scope: [Int] = []
    private var steps = 0
    private var depth = 0
    /// Set when the answer cannot be known; `not` must not turn that into a yes.
    private var unknown: JSONSchemaViolation?

    init(schema: JSONSchema) {
        self.schema = schema
    }

    mutating func validate(_ value: JSON) -> [JSONSchemaViolation] {
        _ = apply(0, to: value)
        if let unknown { return [unknown] }
        return violations
    }

    /// What a schema has seen of a value, for `unevaluated…`; `nil` when the value is not valid.
    mutating func apply(_ place: Int, to value: JSON) -> JSONSchemaSeen? {
        guard unknown == nil, schema.nodes.indices.contains(place) else { return nil }
        let node = schema.nodes[place]
        steps += 1
        guard steps <= JSONSchema.Limits.steps else {
            return giveUp("takes more than \(JSONSchema.Limits.steps) steps to validate", node.pointer)
        }
        guard depth < JSONSchema.Limits.depth else {
            return giveUp("applies more than \(JSONSchema.Limits.depth) schemas inside each other", node.pointer)
        }
        depth += 1
        defer { depth -= 1 }
        if let answer = node.fixed {
            return answer ? JSONSchemaSeen() : fail("is not allowed", node.pointer)
        }
        let entersResource = scope.last != node.resource
        if entersResource { scope.append(node.resource) }
        defer { if entersResource { scope.removeLast() } }

        var isValid = true
        for assertion in node.assertions {
            switch assertion.outcome(on: value) {
            case .valid: break
            case .invalid(let message):
                isValid = false
                _ = fail(message, assertion.pointer)
            case .unknown(let message):
                return giveUp(message, assertion.pointer)
            }
        }
        var seen = JSONSchemaSeen()
        for applicator in node.applicators {
            // What others have seen is known of valid values only.
            if applicator.needsAnnotations, !isValid { continue }
            guard let more = apply(applicator, of: node, to: value, seen) else {
                isValid = false
                if unknown != nil { return nil }
                continue
            }
            if schema.needsAnnotations { seen.merge(more) }
        }
        return isValid ? seen : nil
    }

    /// As `apply`, one step further into the value.
    mutating func apply(_ place: Int, to value: JSON, at token: @autoclosure () -> String) -> JSONSchemaSeen? {
        path.append(token())
        defer { path.removeLast() }
        return apply(place, to: value)
    }

    /// As `apply`, but what is wrong is given back and not noted.
    mutating func attempt(_ place: Int, on value: JSON) -> (seen: JSONSchemaSeen?, violations: [JSONSchemaViolation]) {
        let noted = violations
        violations = []
        defer { violations = noted }
        let seen = apply(place, to: value)
        return (seen, violations)
    }

    /// Notes a violation and gives back what an invalid value does.
    mutating func fail(_ message: String, _ pointer: JSONPointer) -> JSONSchemaSeen? {
        if violations.count < JSONSchema.Limits.violations {
            violations.append(
                JSONSchemaViolation(instancePath: JSONPointer(path), schemaPath: pointer, message: message))
        }
        return nil
    }

    mutating func giveUp(_ message: String, _ pointer: JSONPointer) -> JSONSchemaSeen? {
        if unknown == nil {
            unknown = JSONSchemaViolation(instancePath: JSONPointer(path), schemaPath: pointer, message: message)
        }
        return nil
    }

    /// Pattern matching outside of an assertion; `nil` when it was given up.
    mutating func matches(_ pattern: Pattern, _ text: String, _ pointer: JSONPointer) -> Bool? {
        switch pattern.outcome(on: text) {
        case .match: return true
        case .noMatch: return false
        case .limitExceeded:
            _ = giveUp("has a name that cannot be matched with `\(pattern.text)`", pointer)
            return nil
        }
    }
}

/// The properties and items that some schema has looked at successfully.
struct JSONSchemaSeen {
    var properties: Set<String> = []
    var items: Set<Int> = []

    mutating func merge(_ other: JSONSchemaSeen) {
        if !other.properties.isEmpty { properties.formUnion(other.properties) }
        if !other.items.isEmpty { items.formUnion(other.items) }
    }
}
