import Spec
import State
import Values

extension Run {
    /// What its agent or tool is called now.
    package func targetName(by names: CurrentNames) -> String {
        switch target {
        case .agent(let name): names.name(of: Agent.id(name), at: revision)
        case .tool(let name): names.name(of: Tool.id(name), at: revision)
        }
    }

    /// What its trigger is called now; nil for a run by hand.
    package func triggerName(by names: CurrentNames) -> String? {
        trigger.map { names.name(of: Trigger.id($0), at: revision) }
    }

    /// What it said, or why it did not: for one line of a list. A skipped run, or an instant of one that waits for its turn
    /// after all, says for which.
    package var said: String {
        let words = output ?? error ?? reason ?? ""
        return instants.map { words.isEmpty ? $0 : "\($0): \(words)" } ?? words
    }

    /// `2,000 instants, 2026-01-01T00:00:00Z to 2026-01-02T09:19:00Z`, or the only one; nil for a run of its own.
    var instants: String? {
        if missed == 1, state == .skipped || state == .queued { return scheduledAt?.rfc3339 }
        guard missed > 1, let since = missedSince, let last = scheduledAt else { return nil }
        return "\(HumanText.count(missed)) instants, \(since.rfc3339) to \(last.rfc3339)"
    }
}
