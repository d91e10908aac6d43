import Values

extension KindName {
    package static let prompt = KindName(rawValue: "Prompt")
}

/// Instructions that agents share.
package struct Prompt: Kind, Hashable {
    package let description: String?
    package let template: TemplateText
    package let inputs: JSONSchemaDocument?

    package static let kindName = KindName.prompt
    package static let plural = "prompts"
    package static let schema = Schema<Prompt>(
        "Instructions that agents share.",
        Field("description", optional: \.description, "What it is for."),
        Field("template", \.template, "The instructions: a template over the event."),
        Field("inputs", optional: \.inputs, "JSON Schema of its variables.", .inactive),
        rules: [
            Rule(
                unless: { EventRoots.areAskedAlone(by: $1.child("template", of: $0), $1) },
                Prompt.templateAsksForWhatIsThere)
        ],
        make: Prompt.init)

    private static func templateAsksForWhatIsThere(
        _ prompt: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        let inputs = prompt["inputs"]?["properties"]?.object ?? [:]
        return EventRoots.warnings(
            in: prompt["template"], beside: Array(inputs.keys), at: node["template"]?.mark ?? node.mark, reading)
    }
}
