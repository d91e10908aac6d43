import Values

/// A model's wish to have a tool called.
package struct ToolCall: Sendable, Hashable {
    /// The model's name for this call; its answer carries it back.
    package let id: String
    package let name: String
    /// As the model wrote them: they may be no JSON at all.
    package let argumentsText: String
    /// The arguments if they are a JSON object, else `nil`: the model is then told so, and may try again.
    package let arguments: JSON?

    package init(id: String, name: String, argumentsText: String) {
        self.id = id
        self.name = name
        self.argumentsText = argumentsText
        // Several servers write nothing for a tool without parameters.
        let text = argumentsText.isEmpty ? "{}" : argumentsText
        let value = try? JSON(parsing: text, limits: Self.limits)
        arguments = value?.object == nil ? nil : value
    }

    private static let limits = JSONLimits(depth: 32, bytes: 1 << 20, nodes: 100_000)

    package var json: JSON {
        [
            "id": .string(id), "type": "function",
            "function": ["name": .string(name), "arguments": .string(argumentsText)],
        ]
    }

    /// Reads `{"id", "function": {"name", "arguments"}}`, the arguments being text or, as Ollama and people write them,
    /// an object. `nil` without a name.
    ///
    /// - Parameter fallbackID: the id where there is none.
    init?(_ json: JSON, fallbackID: String) {
        guard let function = json["function"], let name = function["name"]?.string, !name.isEmpty else { return nil }
        let text: String
        switch function["arguments"] {
        case nil, .null?: text = ""
        case .string(let value)?: text = value
        case let value?: text = value.writtenText
        }
        let id = json["id"]?.string ?? ""
        self.init(id: id.isEmpty ? fallbackID : id, name: name, argumentsText: text)
    }

    /// The calls of a message's `tool_calls`, or `nil` if one of them is malformed.
    static func list(_ json: JSON?, step: Int) -> [ToolCall]? {
        guard let json, !json.isNull else { return [] }
        guard let entries = json.array, entries.count <= countLimit else { return nil }
        var calls: [ToolCall] = []
        for (place, entry) in entries.enumerated() {
            guard let call = ToolCall(entry, fallbackID: "call_\(step)_\(place + 1)") else { return nil }
            calls.append(call)
        }
        return calls
    }

    /// Calls in one answer.
    static let countLimit = 128
}
