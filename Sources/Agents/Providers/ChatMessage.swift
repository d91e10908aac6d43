import Values

/// One message of a conversation with a model.
package struct ChatMessage: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable, CaseIterable {
        case system
        case user
        case assistant
        case tool
    }

    package let role: Role
    /// `nil` where a model only calls tools.
    package let content: String?
    /// Of an assistant's message: what the model wants called, in order.
    package let toolCalls: [ToolCall]
    /// Of a tool's message: the call that it answers.
    package let toolCallID: String?

    private init(_ role: Role, _ content: String?, toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    package static func system(_ content: String) -> ChatMessage { ChatMessage(.system, content) }

    package static func user(_ content: String) -> ChatMessage { ChatMessage(.user, content) }

    package static func assistant(_ content: String?, toolCalls: [ToolCall] = []) -> ChatMessage {
        ChatMessage(.assistant, content, toolCalls: toolCalls)
    }

    /// What came of a call, or why nothing did.
    package static func tool(_ content: String, answering id: String) -> ChatMessage {
        ChatMessage(.tool, content, toolCallID: id)
    }

    /// As the chat completions interface writes it.
    package var json: JSON {
        var members: JSONMembers = ["role": .string(role.rawValue), "content": content.map(JSON.string) ?? .null]
        if !toolCalls.isEmpty { members["tool_calls"] = .array(toolCalls.map(\.json)) }
        if let toolCallID { members["tool_call_id"] = .string(toolCallID) }
        return .object(members)
    }
}
