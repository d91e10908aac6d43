extension Observation {
    /// Whether the message says itself which commit it is about.
    package var namesCommit: Bool { commit.map { message.contains($0.prefix(12)) } ?? false }

    /// The message for who is told nothing else: `commit 0123456789ab was rejected: …`
    package var wholeMessage: String {
        guard outcome == .rejected, !namesCommit, let commit else { return message }
        return "commit \(commit.prefix(12)) was rejected: \(message)"
    }
}
