import State
import Values

extension Run {
    /// What it said, or why it did not: for one line of a list. A skipped run that stands for a row of instants says for
    /// which.
    package var said: String {
        let words = output ?? error ?? reason ?? ""
        return instants.map { words.isEmpty ? $0 : "\($0): \(words)" } ?? words
    }

    /// `2,000 instants, 2026-01-01T00:00:00Z to 2026-01-02T09:19:00Z`; nil for a run of its own.
    var instants: String? {
        guard missed > 1, let since = missedSince, let last = scheduledAt else { return nil }
        return "\(HumanText.count(missed)) instants, \(since.rfc3339) to \(last.rfc3339)"
    }
}
