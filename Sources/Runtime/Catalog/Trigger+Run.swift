import Spec
import State
import Values

extension Trigger {
    /// What it runs; `nil` if it was recorded without.
    var target: RunTarget? {
        if let agent { return .agent(agent.name) }
        return tool.map { .tool($0.name) }
    }
}

extension RevisionInForce {
    /// A run of a trigger as its manifest asks for it. A suspended target gives a run that is skipped with the reason.
    func run(
        of trigger: String, _ spec: Trigger, scheduledAt: Instant? = nil, notBefore: Instant
    ) -> NewRun? {
        guard let target = spec.target else { return nil }
        return NewRun(
            trigger: trigger, target: target, revision: revision.number, manifestDigest: digest(of: target),
            scheduledAt: scheduledAt, priority: spec.priority.value, maxAttempts: spec.retry.maxAttempts.value,
            notBefore: notBefore, skipReason: suspension(of: target))
    }
}
