import Values

/// The name of a resource, where a manifest says it.
package struct NamedReference: Sendable, Hashable {
    package let target: ResourceID
    package let place: Place
}

/// Finds the names of resources that do not exist.
enum ReferenceCheck {
    static func diagnostics(of references: [NamedReference], declared: Set<ResourceID>) -> [Diagnostic] {
        let dangling = references.filter { !declared.contains($0.target) }
        guard !dangling.isEmpty else { return [] }
        let names = Dictionary(grouping: declared, by: \.kind).mapValues { $0.map(\.name).sorted() }
        return dangling.map { diagnostic($0, names[$0.target.kind] ?? []) }
    }

    private static func diagnostic(_ use: NamedReference, _ known: [String]) -> Diagnostic {
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
            .error, .danglingReference, "there is no \(kind) named `\(use.target.name)`", at: use.place, fix: fix)
    }
}
