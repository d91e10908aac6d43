import Values

/// A JSON Schema (draft 2020-12), written in place.
package struct JSONSchemaDocument: SpecValue, Hashable {
    package let json: JSON

    package static var shape: Shape { .jsonSchema }

    package static func read(_ node: Node, _ reading: ManifestReading) -> JSONSchemaDocument? {
        guard case .mapping = node.content else {
            reading.report(.wrongType, "expected a JSON Schema, found \(node.typeName)", node)
            return nil
        }
        guard let json = node.json(reading) else { return nil }
        if case .recorded = reading.source { return JSONSchemaDocument(json: json) }
        do {
            try JSONSchema.check(json)
        } catch {
            reading.report(.badValue, error.message, at: node.mark(at: error.pointer))
            return nil
        }
        return JSONSchemaDocument(json: json)
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            let start = reading.output.count
            guard reading.form(of: node) == .mapping, reading.writeJSON(node) else { return false }
            return JSONSchema.isPlain(reading.output.elements(start..<reading.output.count))
        }
    }
}
