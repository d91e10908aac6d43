import Values

/// One recorded answer: a line of a transcript.
///
///     {"agent": "triage", "step": 1, "digest": "sha256:…", "message": {"content": "…"}, "usage": {"input": 1}}
package struct TranscriptLine: Sendable, Hashable {
    package let agent: String
    /// Which model call of a run it answers, from 1.
    package let step: Int
    /// Of the conversation it answers; without one it answers any.
    package let digest: Digest?
    package let message: ChatMessage
    package let usage: TokenUsage

    package init(agent: String, step: Int, digest: Digest?, message: ChatMessage, usage: TokenUsage) {
        self.agent = agent
        self.step = step
        self.digest = digest
        self.message = message
        self.usage = usage
    }

    package var json: JSON {
        var message: JSONMembers = [:]
        if let content = self.message.content { message["content"] = .string(content) }
        if !self.message.toolCalls.isEmpty { message["tool_calls"] = .array(self.message.toolCalls.map(\.json)) }
        var members: JSONMembers = [
            "agent": .string(agent), "step": .number(JSONNumber(step)), "message": .object(message),
        ]
        if let digest { members["digest"] = .string(digest.text) }
        if usage != TokenUsage() { members["usage"] = usage.json }
        return .object(members)
    }

    /// The line, without its end.
    package var text: String { json.canonicalText }

    /// Throws a sentence that says what is wrong with the line.
    init(_ json: JSON) throws(TranscriptLineError) {
        guard let members = json.object else { throw TranscriptLineError("it is not a JSON object") }
        try Self.check(members, known: ["agent", "digest", "message", "step", "usage"], of: "the line")
        guard let agent = json["agent"]?.string, !agent.isEmpty else {
            throw TranscriptLineError("`agent` is missing: the name of the agent that asked")
        }
        guard let step = json["step"]?.int, step >= 1 else {
            throw TranscriptLineError("`step` is missing or not a whole number from 1")
        }
        let digest = try json["digest"].map { (value) throws(TranscriptLineError) in
            guard let digest = value.string.flatMap({ Digest($0) }) else {
                throw TranscriptLineError("`digest` is not sha256: and 64 hexadecimal digits")
            }
            return digest
        }
        guard let message = json["message"], let parts = message.object else {
            throw TranscriptLineError("`message` is missing: an object with `content`, `tool_calls` or both")
        }
        try Self.check(parts, known: ["content", "role", "tool_calls"], of: "`message`")
        guard let calls = ToolCall.list(message["tool_calls"], step: step) else {
            throw TranscriptLineError("`tool_calls` is not a list of {\"function\": {\"name\", \"arguments\"}}")
        }
        guard message["content"]?.string != nil || !calls.isEmpty else {
            throw TranscriptLineError("`message` has neither `content` nor `tool_calls`")
        }
        self.init(
            agent: agent, step: step, digest: digest,
            message: .assistant(message["content"]?.string, toolCalls: calls),
            usage: TokenUsage(input: json["usage"]?["input"]?.int ?? 0, output: json["usage"]?["output"]?.int ?? 0))
    }

    private static func check(
        _ members: JSONMembers, known: [String], of place: String
    ) throws(TranscriptLineError) {
        guard let key = members.keys.first(where: { !known.contains($0) }) else { return }
        let fix = nearestName(to: key, among: known).map { "; did you mean `\($0)`?" } ?? ""
        throw TranscriptLineError("\(place) has an unknown key `\(key.prefix(64))`\(fix)")
    }
}

/// What is wrong with a line; the transcript adds where.
struct TranscriptLineError: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
