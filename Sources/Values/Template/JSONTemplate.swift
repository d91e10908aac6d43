/// A JSON value whose strings are templates: the body of a request as a manifest writes it.
///
/// A string stays a string, whatever is put in. A string that is one tag alone (`"{{payload.number}}"`) becomes the
/// value itself, so that numbers stay numbers; a missing value becomes `null`. Keys are no templates.
package struct JSONTemplate: Sendable, Hashable {
    package let json: JSON
    /// See `Template.roots`.
    package let roots: Set<String>
    private let node: Node

    private indirect enum Node: Sendable, Hashable {
        case literal(JSON)
        case template(Template)
        case array([Node])
        case object([Member])
    }

    private struct Member: Sendable, Hashable {
        let key: String
        let node: Node
    }

    /// Errors carry the pointer of the leaf.
    package init(_ json: JSON) throws(TemplateError) {
        var roots: Set<String> = []
        self.node = try Self.node(json, at: JSONPointer(), &roots)
        self.json = json
        self.roots = roots
    }

    /// Throws what making one throws, and makes none.
    package static func check(_ json: JSON) throws(TemplateError) {
        try check(json, at: JSONPointer())
    }

    private static func check(_ json: JSON, at pointer: JSONPointer) throws(TemplateError) {
        switch json {
        case .string(let text):
            do { try Template.check(text) } catch { throw error.within(pointer) }
        case .array(let values):
            for (place, value) in values.enumerated() { try check(value, at: pointer.appending(place)) }
        case .object(let members):
            for (key, value) in members {
                try check(value, at: pointer.appending(key))
            }
        case .null, .bool, .number: return
        }
    }

    /// The value for `object`, at most 1 MiB of JSON text.
    package func render(_ object: JSON) throws(TemplateError) -> JSON {
        try Self.render(node, object, at: JSONPointer(), TemplateBudget())
    }

    private static func node(
        _ json: JSON, at pointer: JSONPointer, _ roots: inout Set<String>
    ) throws(TemplateError) -> Node {
        switch json {
        case .string(let text):
            do {
                let template = try Template(text)
                roots.formUnion(template.roots)
                return .template(template)
            } catch {
                throw error.within(pointer)
            }
        case .array(let values):
            var nodes: [Node] = []
            for (place, value) in values.enumerated() {
                nodes.append(try node(value, at: pointer.appending(place), &roots))
            }
            return .array(nodes)
        case .object(let members):
            var nodes: [Member] = []
            for (key, value) in members {
                nodes.append(Member(key: key, node: try node(value, at: pointer.appending(key), &roots)))
            }
            return .object(nodes)
        case .null, .bool, .number:
            return .literal(json)
        }
    }

    private static func render(
        _ node: Node, _ object: JSON, at pointer: JSONPointer, _ budget: TemplateBudget
    ) throws(TemplateError) -> JSON {
        switch node {
        case .literal(let json):
            return json
        case .template(let template):
            do {
                return try leaf(template, object, budget)
            } catch {
                throw error.within(pointer)
            }
        case .array(let nodes):
            var values: [JSON] = []
            for (place, node) in nodes.enumerated() {
                values.append(try render(node, object, at: pointer.appending(place), budget))
            }
            return .array(values)
        case .object(let nodes):
            var members: JSONMembers = [:]
            for member in nodes {
                members[member.key] = try render(member.node, object, at: pointer.appending(member.key), budget)
            }
            return .object(members)
        }
    }

    private static func leaf(
        _ template: Template, _ object: JSON, _ budget: TemplateBudget
    ) throws(TemplateError) -> JSON {
        guard let path = template.onlyPath else { return .string(try template.render(object, within: budget)) }
        var value: JSON? = object
        for name in path { value = value?.child(name) }
        let result = value ?? .null
        budget.spend(bytes: result.writtenBytes.count)
        if budget.isSpent { throw budget.error }
        return result
    }
}
