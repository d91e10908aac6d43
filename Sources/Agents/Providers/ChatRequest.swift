import Values

/// One model call: the conversation until now, and how to answer.
package struct ChatRequest: Sendable {
    /// The agent that asks.
    package var agent: String
    /// Which model call of the run this is, from 1.
    package var step: Int
    /// The provider's name for the model.
    package var model: String
    package var messages: [ChatMessage]
    package var tools: [ToolDefinition]
    package var temperature: JSONNumber?
    package var topP: JSONNumber?
    package var maxOutputTokens: Int?
    package var stop: [String]
    package var seed: Int?
    /// By which a provider knows the same question again, in whatever attempt of the run.
    package var key: String?

    package init(
        agent: String, step: Int, model: String, messages: [ChatMessage], tools: [ToolDefinition] = [],
        temperature: JSONNumber? = nil, topP: JSONNumber? = nil, maxOutputTokens: Int? = nil, stop: [String] = [],
        seed: Int? = nil
    ) {
        self.agent = agent
        self.step = step
        self.model = model
        self.messages = messages
        self.tools = tools
        self.temperature = temperature
        self.topP = topP
        self.maxOutputTokens = maxOutputTokens
        self.stop = stop
        self.seed = seed
    }

    /// Of the conversation alone: what a transcript matches by.
    package var digest: Digest { Digest(of: JSON.array(messages.map(\.json))) }
}

/// A tool as a model sees it.
package struct ToolDefinition: Sendable, Hashable {
    package let name: String
    package let description: String
    /// A JSON Schema of an object.
    package let parameters: JSON

    package init(name: String, description: String, parameters: JSON? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters ?? ["type": "object", "properties": [:]]
    }

    package var json: JSON {
        [
            "type": "function",
            "function": ["name": .string(name), "description": .string(description), "parameters": parameters],
        ]
    }
}
