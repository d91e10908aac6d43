import Values

/// The name of a resource, where a manifest says it.
package struct NamedReference: Sendable, Hashable {
    package let target: ResourceID
    package let place: Place
}

/// Finds the names of resources that do not exist.
enum ReferenceCheck {
    /// - Parameters:
    ///   - dangling: of which nothing is declared
    ///   - isEverythingRead: where a file could not be read, a name may stand in it: it is told as a warning,
    ///   so that one syntax error does not make errors out of every reference to its file, and hides none either
    static func diagnostics(
        of dangling: [NamedReference], declared: [ResourceID: Place], isEverythingRead: Bool
    ) -> [Diagnostic] {
        guard !dangling.isEmpty else { return [] }
        let names = Dictionary(grouping: declared.keys, by: \.kind).mapValues { $0.map(\.name).sorted() }
        return dangling.map { use in
            let known = names[use.target.kind] ?? []
            guard isEverythingRead else {
                return Diagnostic(
                    .warning, .danglingReference,
                    "no \(use.target.kind) named `\(use.target.name)` stands in the files that could be read",
                    at: use.place, fix: nearestName(to: use.target.name, among: known).map { "did you mean `\($0)`?" })
            }
            return diagnostic(use, known)
        }
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
