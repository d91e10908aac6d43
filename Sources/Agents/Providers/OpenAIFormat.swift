import Values

/// The bodies of `POST /chat/completions`.
enum OpenAIFormat {
    static func body(_ request: ChatRequest) -> JSON {
        var members: JSONMembers = [
            "model": .string(request.model),
            "messages": .array(request.messages.map(\.json)),
        ]
        if !request.tools.isEmpty { members["tools"] = .array(request.tools.map(\.json)) }
        if let temperature = request.temperature { members["temperature"] = .number(temperature) }
        if let topP = request.topP { members["top_p"] = .number(topP) }
        if let limit = request.maxOutputTokens { members["max_completion_tokens"] = .number(JSONNumber(limit)) }
        if !request.stop.isEmpty { members["stop"] = .array(request.stop.map(JSON.string)) }
        if let seed = request.seed { members["seed"] = .number(JSONNumber(seed)) }
        return .object(members)
    }

    /// `nil` for what is no completion.
    static func answer(_ json: JSON, to request: ChatRequest) -> ChatAnswer? {
        guard let choice = json["choices"]?[0], let message = choice["message"], message.object != nil,
            let calls = ToolCall.list(message["tool_calls"], step: request.step)
        else { return nil }
        let content = text(message["content"]) ?? text(message["refusal"])
        guard content != nil || !calls.isEmpty || choice["finish_reason"]?.string != nil else { return nil }
        let usage = TokenUsage(
            input: json["usage"]?["prompt_tokens"]?.int ?? 0, output: json["usage"]?["completion_tokens"]?.int ?? 0)
        return ChatAnswer(
            message: .assistant(content, toolCalls: calls), finishReason: choice["finish_reason"]?.string, usage: usage,
            model: json["model"]?.string ?? request.model)
    }

    /// A text, or the texts of a list of parts, as some servers write it.
    private static func text(_ content: JSON?) -> String? {
        if let parts = content?.array { return parts.compactMap { $0["text"]?.string }.joined() }
        return content?.string
    }
}
