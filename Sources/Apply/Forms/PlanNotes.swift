import Spec
import State
import Values

extension Plan {
    /// What is to be known beside the changes, for people.
    var notes: [ImpactSection] {
        var sections: [ImpactSection] = []
        if !kept.isEmpty {
            let more = kept.count > Self.notesShown ? ["and \(kept.count - Self.notesShown) more"] : []
            sections.append(
                ImpactSection(
                    title: "Kept, though no longer declared (prune is off)",
                    lines: kept.prefix(Self.notesShown).map { "\($0.id), which stood at \($0.place)" } + more))
        }
        return sections
    }

    private static let notesShown = 20

    static func keptJSON(_ resource: Resource) -> JSON {
        [
            "kind": .string(resource.id.kind.rawValue), "name": .string(resource.id.name),
            "path": .string(resource.place.path), "line": .number(JSONNumber(resource.place.mark.line)),
        ]
    }
}

extension Undone {
    /// `{"revision": 5, "kind": "Agent", "name": "brief"}`
    package var json: JSON {
        var object: [String: JSON] = ["revision": .number(JSONNumber(revision))]
        object["kind"] = (resource?.kind.rawValue).map(JSON.string)
        object["name"] = (resource?.name).map(JSON.string)
        return .object(object)
    }
}
