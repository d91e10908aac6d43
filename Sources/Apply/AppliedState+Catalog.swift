import Spec
import State

extension AppliedState {
    /// What is in force, as the planner and the router take it.
    package var catalog: Catalog {
        Catalog(
            resources.map { Resource(id: $0.id, manifest: $0.manifest, digest: $0.digest, place: $0.place) })
    }

    package var basis: Plan.Basis {
        revision.map { Plan.Basis(revision: $0.number, commit: $0.commit) } ?? .nothing
    }
}
