import Spec
import State
import Values

extension Applier {
    /// Puts back what was altered behind Writ's back and the plan's commit still says. No revision comes of it: the one
    /// in force says it already.
    ///
    /// - Parameter missing: digests of what was altered and this does not put back, beside what the plan does not know
    package func restore(_ plan: Plan, missing: [Digest] = [], actor: String, at now: Instant) throws(StateError) {
        try store.restore(plan.restoring(missing: missing, actor: actor, at: now))
    }
}

extension Plan {
    func restoring(missing: [Digest] = [], actor: String, at now: Instant) -> Restoring {
        let restorations = drift.compactMap { drift in
            if let declared = drift.declared, let digest = drift.digest {
                Restoration(id: drift.id, digest: digest, manifest: declared.manifest)
            } else {
                Restoration?.none
            }
        }
        let unknown = drift.filter { $0.outcome == .unknown }.compactMap(\.digest)
        let settings = drift.contains { $0.digest == nil && $0.outcome == .restored }
        return Restoring(
            restorations, places: drift.compactMap(\.schedule?.restoration), settings: settings, upTo: alteration,
            unknown: unknown + missing, actor: actor, at: now)
    }
}
