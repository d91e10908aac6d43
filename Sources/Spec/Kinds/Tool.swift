import Values

extension KindName {
    package static let tool = KindName(rawValue: "Tool")
}

/// Something that agents and triggers can call.
package struct Tool: Kind, Hashable {
    package let description: String
    package let suspend: Bool
    package let parameters: JSONSchemaDocument?
    package let approval: Approval
    package let effect: Effect
    package let idempotent: Bool
    package let cache: Cache?
    package let rateLimit: RateLimit?
    package let timeout: Duration
    package let limits: Limits
    package let http: HTTP?
    package let mcp: MCP?
    package let agent: Reference<Agent>?
    package let builtin: Builtin?

    package enum Effect: String, SpecChoice {
        case read
        case write
    }

    package static let kindName = KindName.tool
    package static let plural = "tools"
    package static let fixed = ["http", "mcp", "agent", "builtin"]
    package static let schema = Schema<Tool>(
        "A tool: something that agents and triggers can call.",
        Field("description", \.description, "What it does and when to call it; the model reads this."),
        Field("suspend", \.suspend, "Whether calls are refused.", default: false, .suspends),
        Field("parameters", optional: \.parameters, "JSON Schema of its arguments, an object."),
        Field(
            "approval", \.approval, "Whether a person must agree to each call.", default: Approval.none,
            .inactive("required")),
        Field("effect", \.effect, "Whether it only reads or also changes something.", default: .read),
        Field(
            "idempotent", \.idempotent, "Whether a second call with the same arguments does no harm.", default: false),
        Field("cache", optional: \.cache, "How long an answer may be used again.", .inactive),
        Field("rateLimit", optional: \.rateLimit, "How often it may be called.", .inactive),
        Field("timeout", \.timeout, "How long one call may take.", default: .seconds(30), .limit),
        Field("limits", \.limits, "How many runs of it go on and wait.", default: .standard),
        Field("http", optional: \.http, "An HTTP request."),
        Field("mcp", optional: \.mcp, "A server that speaks the Model Context Protocol.", .inactive),
        Field("agent", optional: \.agent, "Another agent as a tool.", .inactive),
        Field("builtin", optional: \.builtin, "A tool that writ brings along.", .inactive),
        constraints: [.exactlyOne(["http", "mcp", "agent", "builtin"])],
        rules: [
            Rule(on: ["parameters"], unless: Tool.surelyTakesAnObject, Tool.parametersDescribeAnObject)
        ],
        make: Tool.init)

    private static func surelyTakesAnObject(_ node: Int, _ reading: borrowing PlainReading) -> Bool {
        guard let parameters = reading.child("parameters", of: node), let type = reading.child("type", of: parameters)
        else { return false }
        return reading.yaml.nodes[type].isScalar && reading.text(of: type).equals("object")
    }

    /// Providers refuse functions whose parameters are not an object.
    private static func parametersDescribeAnObject(
        _ tool: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        guard let type = tool["parameters"]?["type"], type != "object" else { return [] }
        let mark = node.mark(at: JSONPointer(["parameters", "type"]))
        return [
            Diagnostic(
                .error, .badValue, "the parameters of a tool must be an object",
                at: Place(path: reading.path, mark: mark), fix: "type: object")
        ]
    }

    package struct Cache: SpecObject, Hashable {
        package let ttl: Duration

        package static let schema = Schema<Cache>(
            "Answers that may be used again.",
            Field("ttl", \.ttl, "How long an answer stays fresh."),
            make: Cache.init)
    }

    package struct RateLimit: SpecObject, Hashable {
        package let requests: Bounded<FromOne>
        package let per: Duration

        package static let schema = Schema<RateLimit>(
            "How often a tool may be called.",
            Field("requests", \.requests, "Calls within the period."),
            Field("per", \.per, "The period."),
            make: RateLimit.init)
    }

    package struct Builtin: SpecObject, Hashable {
        package let name: String

        package static let schema = Schema<Builtin>(
            "A tool that writ brings along.",
            Field("name", \.name, "Its name, such as fetch-page."),
            make: Builtin.init)
    }
}
