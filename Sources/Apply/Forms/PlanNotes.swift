import Spec
import State
import Values

extension Plan {
    /// What is to be known beside the changes, for people.
    var notes: [ImpactSection] {
        var sections = [redone?.section].compactMap(\.self)
        if !kept.isEmpty {
            let more = kept.count > Self.notesShown ? ["and \(kept.count - Self.notesShown) more"] : []
            sections.append(
                ImpactSection(
                    // The commit that turns it on is planned by what was in force before.
                    title: settings.prune.enabled
                        ? "Kept until the next commit, which deletes what is no longer declared (prune is on from then)"
                        : "Kept, though no longer declared (prune is off)",
                    lines: kept.prefix(Self.notesShown).map { "\($0.id), which stood at \($0.place)" } + more))
        }
        if !drift.isEmpty {
            let more = drift.count > Self.notesShown ? ["and \(drift.count - Self.notesShown) more"] : []
            sections.append(
                ImpactSection(
                    title: "Altered behind writ's back", lines: drift.prefix(Self.notesShown).map(\.line) + more))
        }
        let deleted = Set(changes.filter { $0.action == .delete }.map(\.id))
        let gone = overrides.filter { deleted.contains($0.id) }
        for (title, overrides) in [
            ("Overridden by hand, and staying so", overrides.filter { !deleted.contains($0.id) }),
            ("Overridden by hand, and deleted here", gone),
        ] where !overrides.isEmpty {
            let more = overrides.count > Self.notesShown ? ["and \(overrides.count - Self.notesShown) more"] : []
            sections.append(
                ImpactSection(title: title, lines: overrides.prefix(Self.notesShown).map(\.line) + more))
        }
        return sections
    }

    private static let notesShown = 20

    /// Notes what operators hold by hand, beside what the manifests come to say.
    package mutating func note(_ overrides: [Override]) {
        let changed = Dictionary(
            changes.compactMap { change in change.before.map { ($0.id, change.after?.manifest) } }
        ) { first, _ in first }
        self.overrides = overrides.map { override in changed[override.id].map { override.beside($0) } ?? override }
    }

    static func keptJSON(_ resource: Resource) -> JSON {
        [
            "kind": .string(resource.id.kind.rawValue), "name": .string(resource.id.name),
            "path": .string(resource.place.path), "line": .number(JSONNumber(resource.place.mark.line)),
        ]
    }
}

extension Override {
    /// `Agent/brief spec.limits.concurrency = 2 by ada until 2026-01-01T00:00:00Z: it loops`
    package var line: String {
        let effect = declared.map { " (no effect now: the manifest says \($0.canonicalText))" } ?? ""
        return "\(id) \(field.label) = \(field.value.canonicalText)\(effect) \(circumstances)"
    }

    package var json: JSON {
        var object: JSONMembers = [
            "kind": .string(id.kind.rawValue), "name": .string(id.name), "path": .string(field.pointer.text),
            "value": field.value, "reason": .string(reason), "actor": .string(actor), "since": .string(since.rfc3339),
        ]
        object["until"] = (until?.rfc3339).map(JSON.string)
        object["declared"] = declared
        return .object(object)
    }
}

extension Undone {
    /// `{"revision": 5, "kind": "Agent", "name": "brief"}`
    package var json: JSON {
        var object: JSONMembers = ["revision": .number(JSONNumber(revision))]
        object["kind"] = (resource?.kind.rawValue).map(JSON.string)
        object["name"] = (resource?.name).map(JSON.string)
        return .object(object)
    }
}
