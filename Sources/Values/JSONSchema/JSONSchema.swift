/// A JSON Schema (draft 2020-12), checked and ready to validate values.
///
/// References stay within the document: nothing is fetched. `format` and `content…` are annotations, and unknown
/// keywords are ignored, as the draft says. `$schema` is not looked at. Patterns are PCRE2's (see `Pattern`).
package struct JSONSchema: Sendable {
    package let json: JSON
    let nodes: [JSONSchemaNode]
    let resources: [JSONSchemaResource]
    /// Whether some keyword asks which properties and items others have seen.
    let needsAnnotations: Bool

    package init(_ json: JSON) throws(JSONSchemaError) {
        var compiler = JSONSchemaCompiler(try JSONSchemaIndex(json))
        try compiler.compile()
        try JSONSchemaCycles.check(compiler.nodes)
        self.json = json
        self.nodes = compiler.nodes
        self.resources = compiler.resources
        self.needsAnnotations = compiler.nodes.contains { node in
            node.applicators.contains { $0.needsAnnotations }
        }
    }

    /// Throws what making one throws, and makes none where that can be told without.
    package static func check(_ json: JSON) throws(JSONSchemaError) {
        if PlainJSONSchema.isSound(json) { return }
        _ = try JSONSchema(json)
    }

    /// Whether `check` would find nothing, seen quickly in the canonical JSON of a schema. No tells nothing.
    package static func isPlain(_ canonical: UnsafeBufferPointer<UInt8>) -> Bool { PlainJSONSchema.isSound(canonical) }

    /// What is wrong with `value`: at most 100 violations, in the order of the value's members by key. Empty when it
    /// is valid. A validation that takes too much work ends with a violation that says so.
    package func validate(_ value: JSON) -> [JSONSchemaViolation] {
        var validator = JSONSchemaValidator(schema: self)
        return validator.validate(value)
    }

    /// Bounds of a schema and of one validation.
    enum Limits {
        /// Schemas in a document.
        static let nodes = 10_000
        /// Schemas inside each other, those reached through references counted.
        static let depth = 256
        /// Schemas applied in one validation.
        static let steps = 200_000
        static let violations = 100
    }
}

extension JSONSchema: Hashable {
    package static func == (left: JSONSchema, right: JSONSchema) -> Bool { left.json == right.json }

    package func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
