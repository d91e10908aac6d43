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

    package static var plainWriter: PlainWriter {
        let kind = Target.kindName
        return { node, reading in
            guard reading.isText(node), ResourceName.isPlain(reading.text(of: node)), reading.write(text: node) else {
                return false
            }
            let name = String(decoding: reading.text(of: node), as: UTF8.self)
            reading.note(reference: ResourceID(kind: kind, name: name), at: node)
            return true
        }
    }

    package var json: JSON { .string(name) }
}
