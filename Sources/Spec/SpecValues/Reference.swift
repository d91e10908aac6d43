import Values

/// The name of another resource, of a kind that the field decides. Whether it exists is checked over the whole catalog.
package struct Reference<Target: Kind>: SpecValue, Hashable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package var id: ResourceID { Target.id(name) }

    package static var shape: Shape { .reference(Target.kindName) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Reference? {
        guard let text = reading.text(node, what: "the name of a \(Target.kindName)") else { return nil }
        if let problem = ResourceName.problem(in: text) {
            reading.report(.badName, problem.message, node, fix: problem.fix)
            return nil
        }
        reading.note(reference: Target.id(text), at: node)
        return Reference(text)
    }

    package var json: JSON { .string(name) }
}
