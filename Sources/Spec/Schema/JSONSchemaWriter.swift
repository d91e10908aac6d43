import Values

/// Writes JSON Schema from the shapes, for editors and other programs.
///
/// Draft-07, with `definitions`: what yaml-language-server, VS Code and SchemaStore understand.
package struct JSONSchemaWriter {
    private var definitions: JSONMembers = [:]

    /// The schema of every manifest; of one kind only where it is given.
    package static func manifest(of kind: (any Kind.Type)? = nil) -> JSON {
        var writer = JSONSchemaWriter()
        let kinds = kind.map { [$0] } ?? KindCatalog.all
        let branches: [JSON] = kinds.map { kind in
            [
                "if": ["properties": ["kind": ["const": .string(kind.kindName.rawValue)]], "required": ["kind"]],
                "then": ["properties": ["spec": writer.schema(kind.shape)]],
            ]
        }
        let metadata = writer.schema(Metadata.shape)
        return [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": .string(kind.map { "Writ \($0.kindName)" } ?? "Writ manifest"),
            "type": "object",
            "required": ["apiVersion", "kind", "metadata", "spec"],
            "additionalProperties": false,
            "properties": [
                "apiVersion": ["const": .string(ManifestDocument.apiVersion), "description": "The manifest format."],
                "kind": [
                    "enum": .array(kinds.map { .string($0.kindName.rawValue) }),
                    "description": "What the manifest describes.",
                ],
                "metadata": metadata,
                "spec": ["type": "object"],
            ],
            "allOf": .array(branches),
            "definitions": .object(writer.definitions),
        ]
    }

    /// The schema of `writ.yaml`.
    package static func settings() -> JSON {
        var writer = JSONSchemaWriter()
        let root = writer.object(Settings.schema.shape)
        var schema = root.object ?? [:]
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        schema["title"] = "Writ settings"
        schema["definitions"] = .object(writer.definitions)
        return .object(schema)
    }

    private mutating func schema(_ shape: Shape) -> JSON {
        switch shape {
        case .text(let text): return self.text(text)
        case .integer(let range):
            return ["type": "integer", "minimum": number(range.lowerBound), "maximum": number(range.upperBound)]
        case .number(let range):
            return [
                "type": "number", "minimum": JSONNumber(range.lowerBound).map(JSON.number) ?? .null,
                "maximum": JSONNumber(range.upperBound).map(JSON.number) ?? .null,
            ]
        case .boolean: return ["type": "boolean"]
        case .choice(let names): return ["enum": .array(names.map(JSON.string))]
        case .list(let item, let maximum):
            return ["type": "array", "items": schema(item), "maxItems": number(maximum)]
        case .map(let item): return ["type": "object", "additionalProperties": schema(item)]
        case .object(let object): return define(object)
        case .anyOf(let alternatives): return ["anyOf": .array(alternatives.map { schema($0) })]
        case .reference(let kind):
            var json = text(ResourceName.textShape).object ?? [:]
            json["description"] = .string("The name of a \(kind).")
            return .object(json)
        case .jsonSchema: return ["type": "object", "description": "A JSON Schema."]
        case .any: return [:]
        }
    }

    private func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }

    /// YAML reads `4.10` as a number; Writ keeps it as the text that it is (fault A12). A pattern is for strings alone:
    /// only where a number could never match it is a number refused.
    private func text(_ text: TextShape) -> JSON {
        let type: JSON = text.admitsNumbers ? ["string", "number"] : "string"
        var json: JSONMembers = ["type": type, "description": .string(text.what)]
        json["pattern"] = text.pattern.map(JSON.string)
        json["maxLength"] = text.maximumLength.map { .number(JSONNumber($0)) }
        return .object(json)
    }

    private mutating func define(_ shape: ObjectShape) -> JSON {
        if definitions[shape.name] == nil {
            // Taken before it is filled: shapes may hold each other.
            definitions[shape.name] = [:]
            definitions[shape.name] = object(shape)
        }
        return ["$ref": .string("#/definitions/\(shape.name)")]
    }

    private mutating func object(_ shape: ObjectShape) -> JSON {
        var properties: JSONMembers = [:]
        for field in shape.fields { properties[field.name] = property(field) }
        var json: JSONMembers = [
            "type": "object", "description": .string(shape.summary), "additionalProperties": false,
            "properties": .object(properties),
        ]
        let required = shape.fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty { json["required"] = .array(required.map(JSON.string)) }
        let constraints = shape.constraints.map(Self.schema)
        if !constraints.isEmpty { json["allOf"] = .array(constraints) }
        return .object(json)
    }

    private mutating func property(_ field: FieldDescription) -> JSON {
        let value = schema(field.shape)
        let choices = field.marks.inactiveChoices.sorted().joined(separator: ", ")
        let note =
            field.marks.isInactive
            ? " Not acted on by this version." : choices.isEmpty ? "" : " Not acted on by this version: \(choices)."
        let summary = JSON.string(field.summary + note)
        // Beside `$ref`, draft-07 ignores everything else.
        var json: JSONMembers = value["$ref"] == nil ? value.object ?? [:] : ["allOf": [value]]
        json["description"] = summary
        json["default"] = field.defaultValue
        return .object(json)
    }

    private static func schema(_ constraint: Constraint) -> JSON {
        func present(_ name: String) -> JSON { ["required": [.string(name)]] }
        switch constraint {
        case .exactlyOne(let names): return ["oneOf": .array(names.map(present))]
        case .atMostOne(let names):
            let none: JSON = ["not": ["anyOf": .array(names.map(present))]]
            return ["oneOf": .array(names.map(present) + [none])]
        case .onlyWhere(let name, let choice, let value):
            let chosen: JSON = ["properties": [choice: ["const": .string(value)]], "required": [.string(choice)]]
            return [
                "allOf": [["if": chosen, "then": present(name)], ["if": present(name), "then": chosen]]
            ]
        }
    }
}
