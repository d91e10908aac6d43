import Values

/// What a model is asked.
package struct ChatRequest: Sendable, Hashable {
    /// How the model chooses its words; `nil` leaves it to the provider.
    package struct Sampling: Sendable, Hashable {
        package var temperature: JSONNumber?
        package var topP: JSONNumber?
        package var topK: Int?
        package var maxOutputTokens: Int?
        package var stop: [String]?
        package var seed: Int?

        package init(
            temperature: JSONNumber? = nil, topP: JSONNumber? = nil, topK: Int? = nil, maxOutputTokens: Int? = nil,
            stop: [String]? = nil, seed: Int? = nil
        ) {
            self.temperature = temperature
            self.topP = topP
            self.topK = topK
            self.maxOutputTokens = maxOutputTokens
            self.stop = stop
            self.seed = seed
        }
    }

    /// Who asks; a recorded answer is found by it.
    package var agent: String
    /// Which model call of the attempt this is, from 1; a recorded answer is found by it.
    package var step: Int
    /// The provider's name for the model.
    package var model: String
    package var messages: [ChatMessage]
    package var tools: [ToolDefinition]
    package var sampling: Sampling

    package init(
        agent: String, step: Int, model: String, messages: [ChatMessage], tools: [ToolDefinition] = [],
        sampling: Sampling = Sampling()
    ) {
        self.agent = agent
        self.step = step
        self.model = model
        self.messages = messages
        self.tools = tools
        self.sampling = sampling
    }

    /// Of the messages alone: by it a recorded answer tells that it was given to another question.
    package var messagesDigest: Digest { Digest(of: .array(messages.map(\.json))) }
}
