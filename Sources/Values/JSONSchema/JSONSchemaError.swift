/// Why a JSON Schema cannot be used.
package struct JSONSchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    package let message: String
    /// The place in the schema.
    package let pointer: JSONPointer

    /// `/properties/a: …`
    package var description: String { pointer.tokens.isEmpty ? message : "\(pointer.text): \(message)" }
}

/// One thing in a value that its schema does not allow.
package struct JSONSchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// The place in the value.
    package let instancePath: JSONPointer
    /// The keyword's place in the schema's document.
    package let schemaPath: JSONPointer
    /// One sentence, without the place; strings of the value are not repeated in it.
    package let message: String

    /// `/a/0: must be a string`
    package var description: String { instancePath.tokens.isEmpty ? message : "\(instancePath.text): \(message)" }
}
