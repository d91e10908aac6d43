import Spec
import State

extension AppliedState {
    /// What is in force, as the planner and the router take it.
    package var catalog: Catalog {
        Catalog(resources.map { Resource($0) })
    }

    package var basis: Plan.Basis { head.basis }
}

extension AppliedHead {
    package var basis: Plan.Basis {
        revision.map { Plan.Basis(revision: $0.number, commit: $0.commit) } ?? .nothing
    }
}
