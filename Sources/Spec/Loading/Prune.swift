import Values

/// What becomes of resources that the repository no longer says: `prune: false`, or a mapping.
package struct Prune: SpecValue, Hashable {
    /// Whether they are deleted; kept in force otherwise.
    package let enabled: Bool
    /// How long a deleted one can be brought back.
    package let grace: Duration

    package static let standard = Prune(enabled: true, grace: .seconds(30 * 86_400))

    package init(enabled: Bool, grace: Duration) {
        self.enabled = enabled
        self.grace = grace
    }

    package static var shape: Shape { .anyOf([.boolean, Entry.shape]) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Prune? {
        guard case .mapping = node.content else {
            return Bool.read(node, reading).map { Prune(enabled: $0, grace: standard.grace) }
        }
        return Entry.read(node, reading).map { Prune(enabled: $0.enabled, grace: $0.grace) }
    }

    package var json: JSON { Entry(enabled: enabled, grace: grace).json }

    struct Entry: SpecObject, Hashable {
        let enabled: Bool
        let grace: Duration

        static let schema = Schema<Entry>(
            "What becomes of resources that the repository no longer says.",
            Field("enabled", \.enabled, "Whether they are deleted; kept in force otherwise.", default: true),
            Field(
                "grace", \.grace, "How long a deleted one can be brought back with `writ undo`.",
                default: Prune.standard.grace),
            make: Entry.init)
    }
}
