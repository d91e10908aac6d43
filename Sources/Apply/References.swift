import Spec

/// That names of resources hold where a catalog is not read from one commit, whose own check does not see the whole.
enum References {
    /// What the resources name and the catalog does not have.
    static func problems(of resources: [Resource], in catalog: Catalog) -> [Diagnostic] {
        resources.flatMap { resource in
            resource.references.filter { !catalog.contains($0.target) }.map { use in
                Diagnostic(
                    .error, .danglingReference,
                    "\(resource.id), which stays, names \(use.target), which would not be there any more",
                    at: resource.place, fix: "let \(use.target) stay too, or change \(resource.id) first")
            }
        }
    }

    /// The same of what is kept though no file declares it: told where the change is that takes away what it names.
    static func problems(ofKept kept: [Resource], in catalog: Catalog, _ changes: [PlannedChange]) -> [Diagnostic] {
        guard !kept.isEmpty else { return [] }
        let places = Dictionary(
            changes.compactMap { change in
                change.formerID.flatMap { former in change.after.map { (former, $0.place) } }
            }, uniquingKeysWith: { first, _ in first })
        return kept.flatMap { resource in
            resource.references.filter { !catalog.contains($0.target) }.map { use in
                Diagnostic(
                    .error, .danglingReference,
                    "\(resource.id), which stood at \(resource.place) and is kept (prune is off), names"
                        + " \(use.target), which would not be there any more",
                    at: places[use.target] ?? resource.place,
                    fix: "declare \(resource.id) again, with the new name, or turn prune on in the commit before")
            }
        }
    }
}
