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
}
