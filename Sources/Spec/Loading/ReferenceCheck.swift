import Values

/// Finds the names of resources that do not exist.
enum ReferenceCheck {
    static func diagnostics(of catalog: Catalog, declared: Set<ResourceID>) -> [Diagnostic] {
        var names: [KindName: [String]]?
        var found: [Diagnostic] = []
        for resource in catalog.resources {
            for use in resource.references where !declared.contains(use.target) {
                let known = names ?? Dictionary(grouping: declared, by: \.kind).mapValues { $0.map(\.name).sorted() }
                names = known
                found.append(diagnostic(use, in: resource, known[use.target.kind] ?? []))
            }
        }
        return found
    }

    private static func diagnostic(_ use: ReferenceUse, in resource: Resource, _ known: [String]) -> Diagnostic {
        let kind = use.target.kind
        let fix: String
        if let near = nearestName(to: use.target.name, among: known) {
            fix = "did you mean `\(near)`?"
        } else if known.isEmpty {
            fix = "the repository declares no \(kind) at all; add a manifest of kind \(kind)"
        } else {
            fix =
                "add a manifest of kind \(kind) named \(use.target.name), or use one of: "
                + known.prefix(5).joined(separator: ", ")
        }
        return Diagnostic(
            .error, .danglingReference, "there is no \(kind) named `\(use.target.name)`",
            at: resource.place(of: use.pointer), fix: fix)
    }
}
