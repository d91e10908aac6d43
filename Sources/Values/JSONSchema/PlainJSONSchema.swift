/// Most schemas: objects, lists, words and numbers with their bounds, and nothing that refers to something else. Each of
/// their keywords is right or wrong by itself.
enum PlainJSONSchema {
    /// Whether the schema is one of these, and right. False tells nothing: then the compiler has to look.
    static func isSound(_ json: JSON) -> Bool {
        var left = JSONSchema.Limits.nodes / 2
        return isSound(json, depth: 0, &left)
    }

    /// Far below what is allowed, so that where this ends the compiler says why.
    private static let depth = 32

    private static func isSound(_ json: JSON, depth: Int, _ left: inout Int) -> Bool {
        left -= 1
        guard left > 0, depth < Self.depth else { return false }
        switch json {
        case .bool: return true
        case .object(let members):
            for (keyword, value) in members where !isSound(keyword, value, depth, &left) { return false }
            return true
        default: return false
        }
    }

    private static func isSound(_ keyword: String, _ value: JSON, _ depth: Int, _ left: inout Int) -> Bool {
        switch keyword {
        case "type":
            return value.string.flatMap(JSONSchemaType.init(rawValue:)) != nil
        case "description", "title", "default", "examples", "format", "const", "deprecated", "readOnly", "writeOnly":
            return true
        case "properties":
            guard case .object(let members) = value else { return false }
            for (_, member) in members where !isSound(member, depth: depth + 1, &left) { return false }
            return true
        case "items", "additionalProperties":
            return isSound(value, depth: depth + 1, &left)
        case "required":
            guard case .array(let names) = value else { return false }
            return names.allSatisfy { $0.string != nil }
        case "enum":
            return value.array != nil
        case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties":
            return (value.int ?? -1) >= 0
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
            if case .number = value { return true }
            return false
        case "uniqueItems":
            return value.bool != nil
        default:
            return false
        }
    }
}
