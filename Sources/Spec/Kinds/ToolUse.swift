import Values

/// A tool that an agent may call: its name, or a mapping that also asks for approval.
package struct ToolUse: SpecValue, Hashable {
    package let tool: Reference<Tool>
    /// Nil leaves it to the tool.
    package let approval: Approval?

    package static var shape: Shape { .anyOf([Reference<Tool>.shape, Entry.shape]) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> ToolUse? {
        guard case .mapping = node.content else {
            return Reference.read(node, reading).map { ToolUse(tool: $0, approval: nil) }
        }
        return Entry.read(node, reading).map { ToolUse(tool: $0.name, approval: $0.approval) }
    }

    package static var plainWriter: PlainWriter {
        let name = Reference<Tool>.plainWriter
        return { node, reading in
            reading.form(of: node) == .mapping ? reading.writeExactly(node, readJSON) : name(node, &reading)
        }
    }

    package var json: JSON {
        guard let approval else { return tool.json }
        return Entry(name: tool, approval: approval).json
    }

    struct Entry: SpecObject, Hashable {
        let name: Reference<Tool>
        let approval: Approval?

        static let schema = Schema<Entry>(
            "A tool and how this agent may call it.",
            Field("name", \.name, "The tool."),
            Field("approval", optional: \.approval, "Whether a person must agree to each call.", .inactive("required")),
            make: Entry.init)
    }
}

/// Whether a person must agree before a tool is called.
package enum Approval: String, SpecChoice {
    case none
    case required
}
