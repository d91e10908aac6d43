import Values

extension Tool {
    /// A server that speaks the Model Context Protocol: a program, or an address.
    package struct MCP: SpecObject, Hashable {
        package let command: [String]?
        package let env: [String: OrSecret<String>]
        package let url: WebAddress?
        package let headers: [String: OrSecret<String>]
        package let tools: [String]?

        package static let schema = Schema<MCP>(
            "A server that speaks the Model Context Protocol.",
            Field("command", optional: \.command, "The program and its arguments; no shell is used."),
            Field("env", \.env, "Its environment; it gets nothing else.", default: [:], .sensitive),
            Field("url", optional: \.url, "The server's address."),
            Field("headers", \.headers, "Headers of each request.", default: [:], .sensitive),
            Field("tools", optional: \.tools, "The tools of the server that may be used; all without it."),
            constraints: [.exactlyOne(["command", "url"])],
            make: MCP.init)
    }
}
