import State

extension Observation {
    /// Whether the message says itself which commit it is about.
    package var namesCommit: Bool { commit.map { message.hasPrefix("commit \($0.prefix(12)) ") } ?? false }
}
