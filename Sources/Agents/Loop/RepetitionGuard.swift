import Values

/// Notices a model that goes round in circles: the same tool with the same arguments and the same result (fault H140).
struct RepetitionGuard: Sendable {
    /// Times after which it is a loop.
    static let limit = 3

    private var counts: [Digest: Int] = [:]

    /// Notes a call; true when it came to the same for the third time.
    mutating func isLoop(_ call: ToolCall, result: String) -> Bool {
        let arguments = call.arguments ?? .string(call.argumentsText)
        let digest = Digest(of: [.string(call.name), arguments, .string(result)])
        let count = counts[digest, default: 0] + 1
        counts[digest] = count
        return count >= Self.limit
    }
}
