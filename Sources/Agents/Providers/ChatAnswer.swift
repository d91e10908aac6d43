import Values

/// What a model answered.
package struct ChatAnswer: Sendable, Hashable {
    /// Always an assistant's.
    package let message: ChatMessage
    /// The provider's word for why it ended, such as `stop` or `length`. Whether tools are to be called is told by
    /// `toolCalls` alone: some servers say `stop` with them.
    package let finishReason: String?
    package let usage: TokenUsage
    /// What the provider says has answered; `replay` for a recorded answer.
    package let model: String

    package init(message: ChatMessage, finishReason: String?, usage: TokenUsage, model: String) {
        self.message = message
        self.finishReason = finishReason
        self.usage = usage
        self.model = model
    }

    package var toolCalls: [ToolCall] { message.toolCalls }
}

package struct TokenUsage: Sendable, Hashable {
    package let input: Int
    package let output: Int

    /// Negative counts become 0.
    package init(input: Int = 0, output: Int = 0) {
        self.input = max(input, 0)
        self.output = max(output, 0)
    }

    /// The sum, or the largest number.
    package var total: Int {
        let sum = input.addingReportingOverflow(output)
        return sum.overflow ? .max : sum.partialValue
    }

    package var json: JSON { ["input": .number(JSONNumber(input)), "output": .number(JSONNumber(output))] }
}
