import Values

/// A model's wish to call a tool.
package struct ToolCall: Sendable, Hashable {
    /// By which the answer names the call.
    package var id: String
    package var name: String
    /// As the model wrote them: meant to be a JSON object, but that is not certain.
    package var argumentsText: String
    /// What `argumentsText` says; `nil` where it is not JSON. Empty text is an empty object, as some models send it.
    package let arguments: JSON?

    package init(id: String, name: String, argumentsText: String) {
        self.id = id
        self.name = name
        self.argumentsText = argumentsText
        let isEmpty = argumentsText.utf8.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        arguments = isEmpty ? [:] : try? JSON(parsing: argumentsText)
    }

    package init(id: String, name: String, arguments: JSON) {
        self.id = id
        self.name = name
        self.argumentsText = arguments.canonicalText
        self.arguments = arguments
    }

    /// As chat completions write it.
    package var json: JSON {
        [
            "id": .string(id), "type": "function",
            "function": ["name": .string(name), "arguments": .string(argumentsText)],
        ]
    }
}
