import Spec
import State
import Values

extension Applier {
    /// Puts back what was altered behind Writ's back and the plan's commit still says. No revision comes of it: the one
    /// in force says it already.
    package func restore(_ plan: Plan, actor: String, at now: Instant) throws(StateError) {
        let restorations = plan.drift.compactMap { drift in
            drift.declared.map { Restoration(id: drift.id, digest: drift.digest, manifest: $0.manifest) }
        }
        try store.restore(
            restorations, upTo: plan.alteration, unknown: plan.drift.filter { $0.outcome == .unknown }.map(\.digest),
            actor: actor, at: now)
    }
}
