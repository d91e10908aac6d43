import Spec
import Values

/// Checks what a model wants to call a tool with. What does not fit is never sent (fault H143).
enum ToolArguments {
    /// Violations that are told at once.
    private static let told = 5

    static func check(_ arguments: JSON, of tool: Tool) throws(ToolFailure) {
        guard arguments.object != nil else {
            throw ToolFailure(.invalidArguments, "the arguments must be a JSON object")
        }
        guard let parameters = tool.parameters else { return }
        let violations: [JSONSchemaViolation]
        do {
            violations = try JSONSchema(parameters.json).validate(arguments)
        } catch {
            throw ToolFailure(.invalidArguments, "the tool's parameters are not a usable JSON Schema: \(error.message)")
        }
        guard !violations.isEmpty else { return }
        let sentences = violations.prefix(told).map { violation in
            violation.instancePath.tokens.isEmpty
                ? violation.message : "\(violation.instancePath.text): \(violation.message)"
        }
        let more = violations.count > told ? "; and \(violations.count - told) more" : ""
        throw ToolFailure(
            .invalidArguments,
            "the arguments do not fit the tool's parameters: \(sentences.joined(separator: "; "))\(more)")
    }
}
