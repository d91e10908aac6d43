import Spec
import State
import Values

/// A resource that is as it was, in another file, or with its texts in other ones.
package struct PlannedMove: Sendable, Hashable {
    package let before: Resource
    package let after: Resource
    /// Which of its texts stand in other files than before.
    package let texts: [TextMove]

    package var id: ResourceID { after.id }
    package var from: Place { before.place }
    package var to: Place { after.place }

    /// What is recorded of it besides its place.
    var content: MovedTexts? {
        texts.isEmpty ? nil : MovedTexts(id: id, from: before.digest, manifest: after.manifest)
    }

    /// `Agent/brief  agents/brief.yaml -> teams/brief.yaml, spec.systemPrompt prompts/a.md -> prompts/b.md`
    var text: String {
        let file = from.path == to.path ? [] : ["\(from.path) -> \(to.path)"]
        let places = file + texts.map(Self.text)
        return "\(id)  \(places.joined(separator: ", "))"
    }

    private static func text(_ move: TextMove) -> String {
        let field = move.pointer.tokens.joined(separator: ".")
        return "\(field) \(move.from ?? "(in the manifest)") -> \(move.to ?? "(in the manifest)")"
    }

    var json: JSON {
        var object: JSONMembers = [
            "kind": .string(id.kind.rawValue), "name": .string(id.name), "from": .string(from.path),
            "path": .string(to.path), "line": .number(JSONNumber(to.mark.line)),
        ]
        if !texts.isEmpty { object["texts"] = .array(texts.map(Self.json)) }
        return .object(object)
    }

    private static func json(_ move: TextMove) -> JSON {
        var object: JSONMembers = ["field": .string(move.pointer.text)]
        object["from"] = move.from.map(JSON.string)
        object["path"] = move.to.map(JSON.string)
        return .object(object)
    }
}
