import Values

/// A tool as a model is told of it.
package struct ToolDefinition: Sendable, Hashable {
    package var name: String
    package var description: String
    /// JSON Schema of the arguments, an object.
    package var parameters: JSON

    package init(name: String, description: String, parameters: JSON) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }

    /// As chat completions write it.
    package var json: JSON {
        [
            "type": "function",
            "function": [
                "name": .string(name), "description": .string(description), "parameters": parameters,
            ],
        ]
    }
}
