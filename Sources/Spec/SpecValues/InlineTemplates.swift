import Values

/// How a template's values are put in.
package protocol TemplateEncoding: Sendable {
    static var encoding: Template.Encoding { get }
    static var what: String { get }
}

package enum TextEncoding: TemplateEncoding {
    package static let encoding = Template.Encoding.text
    package static let what = "text; {{…}} is filled in"
}

package enum URLEncoding: TemplateEncoding {
    package static let encoding = Template.Encoding.url
    package static let what = "a URL; {{…}} is filled in, percent-encoded"
}

package enum JSONEncoding: TemplateEncoding {
    package static let encoding = Template.Encoding.json
    package static let what = "JSON text; {{…}} is filled in as JSON"
}

/// A template written in place.
package struct InlineTemplate<Encoding: TemplateEncoding>: SpecText, Hashable {
    package let manifestText: String

    package static var textShape: TextShape { TextShape(Encoding.what) }

    package init(manifestText text: String) throws {
        do {
            try Template.check(text)
        } catch {
            throw SpecTextError("\(error.message) (\(error.line):\(error.column) of this template)")
        }
        manifestText = text
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            guard reading.isText(node), Template.isPlain(reading.text(of: node)) else {
                return reading.writeExactly(node, readJSON)
            }
            return reading.write(text: node)
        }
    }

    /// Parsed again where it is used: templates are small, and a manifest stays plain data.
    package func template() throws(TemplateError) -> Template {
        try Template(manifestText, encoding: Encoding.encoding)
    }
}

/// The body of a request: a mapping whose string leaves are templates, or one template of JSON text.
package enum TemplateBody: SpecValue, Hashable {
    case mapping(JSON)
    case text(InlineTemplate<JSONEncoding>)

    package static var shape: Shape {
        .anyOf([InlineTemplate<JSONEncoding>.shape, .map(.any)])
    }

    package static func read(_ node: Node, _ reading: ManifestReading) -> TemplateBody? {
        guard case .mapping = node.content else { return InlineTemplate.read(node, reading).map(TemplateBody.text) }
        guard let json = node.json(reading) else { return nil }
        do {
            try JSONTemplate.check(json)
        } catch {
            reading.report(.badValue, error.message, node)
            return nil
        }
        return .mapping(json)
    }

    package static var plainWriter: PlainWriter {
        let text = InlineTemplate<JSONEncoding>.plainWriter
        return { node, reading in
            reading.form(of: node) == .mapping ? reading.writeExactly(node, readJSON) : text(node, &reading)
        }
    }

    package var json: JSON {
        switch self {
        case .mapping(let json): json
        case .text(let text): text.json
        }
    }
}
