import Spec
import Values

/// What a commit makes of the rules of the repository itself: its `writ.yaml` against what is in force. No part of the
/// plan's digest, which is of resources.
package struct SettingsChange: Sendable {
    /// Of `writ.yaml`, from the repository's root.
    package let path: String
    /// From what is in force to what will be, defaults said too.
    package let fields: [FieldChange]
    /// What gives others more room, or takes a safeguard away.
    package let risks: [Diagnostic]

    /// Nil where nothing changes.
    ///
    /// - Parameters:
    ///   - before: in force, or of the base; nil where nothing is in force that could be loosened
    ///   - places: where `writ.yaml` says what will be
    ///   - directory: of the manifests
    package init?(
        from before: Settings?, to after: Settings, at places: Places = .none, below directory: String
    ) {
        fields = FieldDifference.between(before ?? .standard, after)
        guard !fields.isEmpty else { return nil }
        let path = Settings.path(below: directory)
        self.path = path
        risks =
            before.map { before in
                SettingsRisks.all(from: before, to: after) { pointer in
                    // Of what is gone, the mapping where it stood.
                    Place(path: path, mark: places.mark(of: pointer) ?? .start)
                }
            } ?? []
    }

    /// `1 setting to change`
    var summary: String { "\(Markdown.count(fields.count, "setting")) to change" }

    /// What is to be compared with what a saved plan shows.
    package var json: JSON { ["path": .string(path), "fields": .array(fields.map(\.json))] }
}

extension Plan {
    /// Whether nothing is otherwise once it is applied.
    package var doesNothing: Bool { changes.isEmpty && settingsChange == nil && drift.isEmpty }

    /// For what is recorded of a commit that changes no resource.
    package var quietMessage: String {
        guard let count = settingsChange?.fields.count else { return "no changes" }
        return "no changes of resources, \(Markdown.count(count, "setting")) changed"
    }
}
