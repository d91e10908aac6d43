import Values

/// A text: written in place, or in a file of the repository.
package enum Text: SpecValue, Hashable {
    case inline(String)
    case file(IncludedFile)

    package var text: String {
        switch self {
        case .inline(let text): text
        case .file(let file): file.text
        }
    }

    package static var shape: Shape { .anyOf([.text(TextShape("text")), IncludedFile.shape]) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Text? {
        if case .mapping = node.content { return IncludedFile.read(node, reading).map(Text.file) }
        return reading.text(node, what: "text or {file: path}").map(Text.inline)
    }

    package static var plainWriter: PlainWriter {
        { $1.isText($0) ? $1.write(text: $0) : IncludedFile.write($0, &$1) != nil }
    }

    package var json: JSON {
        switch self {
        case .inline(let text): .string(text)
        case .file(let file): file.json
        }
    }
}

/// A text that is a Mustache template.
package struct TemplateText: SpecValue, Hashable {
    package let source: Text

    package var text: String { source.text }

    package static var shape: Shape { Text.shape }

    package static func read(_ node: Node, _ reading: ManifestReading) -> TemplateText? {
        guard let source = Text.read(node, reading) else { return nil }
        guard case .repository = reading.source else { return TemplateText(source: source) }
        do {
            try Template.check(source.text)
        } catch {
            switch source {
            case .inline:
                reading.report(.badValue, "\(error.message) (\(error.line):\(error.column) of this template)", node)
            case .file(let file):
                let place = Place(path: file.path, mark: Mark(line: error.line, column: error.column))
                reading.report(Diagnostic(.error, .badValue, error.message, at: place))
            }
            return nil
        }
        return TemplateText(source: source)
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            guard reading.form(of: node) == .mapping else {
                guard reading.isText(node), Template.isPlain(reading.text(of: node)) else {
                    return reading.writeExactly(node, readJSON)
                }
                return reading.write(text: node)
            }
            guard let inclusion = IncludedFile.write(node, &reading) else { return false }
            return inclusion.isTemplate
        }
    }

    package var json: JSON { source.json }
}
