/// Tokens that a provider counted; zero where it does not count.
package struct ChatUsage: Sendable, Hashable {
    package var input: Int
    package var output: Int

    package init(input: Int = 0, output: Int = 0) {
        self.input = input
        self.output = output
    }
}

/// What a model answered. Whether it calls tools is told by `toolCalls`, never by `finishReason`: not all providers
/// agree on the latter.
package struct ChatAnswer: Sendable, Hashable {
    package var content: String?
    package var toolCalls: [ToolCall]
    /// The provider's word: `stop`, `length`, `tool_calls`, `content_filter` …
    package var finishReason: String?
    package var usage: ChatUsage
    /// The model that answered, by its own name; `replay` for a recorded answer.
    package var model: String

    package init(
        content: String?, toolCalls: [ToolCall] = [], finishReason: String? = nil, usage: ChatUsage = ChatUsage(),
        model: String
    ) {
        self.content = content
        self.toolCalls = toolCalls
        self.finishReason = finishReason
        self.usage = usage
        self.model = model
    }

    /// The answer as the next request repeats it.
    package var message: ChatMessage { ChatMessage(.assistant, content, toolCalls: toolCalls) }
}
