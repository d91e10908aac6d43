import Values

/// One message of a conversation with a model.
package struct ChatMessage: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable, CaseIterable {
        case system, user, assistant, tool
    }

    package var role: Role
    /// `nil` for an assistant's message that only calls tools.
    package var content: String?
    /// Only in an assistant's message.
    package var toolCalls: [ToolCall]
    /// Of a tool's message: the call that it answers.
    package var toolCallID: String?

    package init(_ role: Role, _ content: String?, toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    /// The answer to a tool call.
    package static func result(of call: ToolCall, _ content: String) -> ChatMessage {
        ChatMessage(.tool, content, toolCallID: call.id)
    }

    /// As chat completions write it: `{"role", "content", "tool_calls", "tool_call_id"}`.
    package var json: JSON {
        var object: [String: JSON] = ["role": .string(role.rawValue), "content": content.map(JSON.string) ?? .null]
        if !toolCalls.isEmpty { object["tool_calls"] = .array(toolCalls.map(\.json)) }
        object["tool_call_id"] = toolCallID.map(JSON.string)
        return .object(object)
    }
}
