import Spec
import Values

/// A tool as one agent, or one run, may use it.
struct ToolEntry: Sendable {
    let name: String
    let tool: Tool
    /// Whether a person must agree: the tool or the agent asks for it, and neither can waive the other's word.
    let needsApproval: Bool

    init(_ name: String, _ tool: Tool, approval: Approval? = nil) {
        self.name = name
        self.tool = tool
        needsApproval = tool.approval == .required || approval == .required
    }

    var definition: ToolDefinition {
        ToolDefinition(name: name, description: tool.description, parameters: tool.parameters?.json)
    }

    /// Whether a call whose answer was lost may be made again.
    var isRepeatable: Bool { tool.effect == .read || tool.idempotent }

    /// Why a call ends the run: it is never left out silently.
    var obstacle: RunFailure? {
        if needsApproval {
            return RunFailure(
                .approvalRequired,
                "the tool \(name) needs a person's approval, which this version cannot ask for; it was not called")
        }
        if tool.http == nil {
            let kind = tool.mcp != nil ? "mcp" : tool.agent != nil ? "agent" : "builtin"
            return RunFailure(
                .notActive, "the tool \(name) is of the kind `\(kind)`, which this version does not act on yet")
        }
        return nil
    }
}

/// The tools that an agent may call. There are no others, whatever a model asks for (fault H145).
struct ToolBox: Sendable {
    let entries: [ToolEntry]

    init(_ agent: Agent, _ catalog: Catalog) {
        entries = agent.tools.compactMap { use in
            catalog[use.tool].map { ToolEntry(use.tool.name, $0, approval: use.approval) }
        }
    }

    subscript(name: String) -> ToolEntry? { entries.first { $0.name == name } }

    var definitions: [ToolDefinition] { entries.map(\.definition) }
}
