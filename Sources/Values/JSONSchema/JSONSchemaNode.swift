/// A compiled schema. Others refer to it by its place in `JSONSchema.nodes`.
struct JSONSchemaNode: Sendable {
    let pointer: JSONPointer
    /// Place in `JSONSchema.resources`.
    let resource: Int
    /// The answer of a schema that is `true` or `false`.
    var fixed: Bool?
    var assertions: [JSONSchemaAssertion] = []
    /// `unevaluated…` last.
    var applicators: [JSONSchemaApplicator] = []
}

/// A part of the document with an `$id` of its own.
struct JSONSchemaResource: Sendable {
    let uri: URIReference
    /// Nodes by the name of their `$dynamicAnchor`.
    var dynamicAnchors: [String: Int] = [:]
}

/// A keyword that applies other schemas.
enum JSONSchemaApplicator: Sendable {
    case reference(Int)
    /// The node that the reference names at first, and the anchor to look for further out, if there is one.
    case dynamicReference(Int, anchor: String?)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case condition(Int, then: Int?, otherwise: Int?)
    case dependentSchemas([String: Int])
    case properties(JSONSchemaProperties)
    case propertyNames(Int)
    case items(prefix: [Int], rest: Int?)
    case contains(Int, atLeast: Int, atMost: Int?)
    case unevaluatedProperties(Int)
    case unevaluatedItems(Int)

    var needsAnnotations: Bool {
        switch self {
        case .unevaluatedProperties, .unevaluatedItems: true
        default: false
        }
    }

    /// The schemas that look at the same value: a circle of these would never end.
    var inPlace: [Int] {
        switch self {
        case .reference(let node), .dynamicReference(let node, _), .not(let node): [node]
        case .allOf(let nodes), .anyOf(let nodes), .oneOf(let nodes): nodes
        case .condition(let condition, let then, let otherwise): [condition] + [then, otherwise].compactMap { $0 }
        case .dependentSchemas(let nodes): Array(nodes.values)
        case .properties, .propertyNames, .items, .contains, .unevaluatedProperties, .unevaluatedItems: []
        }
    }
}

/// `properties`, `patternProperties` and `additionalProperties`, which depend on each other.
struct JSONSchemaProperties: Sendable {
    var named: [String: Int] = [:]
    var patterns: [(pattern: Pattern, node: Int)] = []
    var additional: Int?
}

extension Dictionary where Key == String {
    /// The value of exactly this key, by bytes.
    func value(of key: String) -> Value? {
        guard let place = index(forKey: key), self[place].key.hasSameBytes(as: key) else { return nil }
        return self[place].value
    }
}
