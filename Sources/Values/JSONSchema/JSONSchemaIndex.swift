/// Where in a document its schemas stand, and by which names they can be referred to.
struct JSONSchemaIndex {
    let json: JSON
    /// The resource that each place belongs to.
    private(set) var resourceOf: [JSONPointer: Int] = [:]
    private(set) var resources: [(uri: URIReference, root: JSONPointer)] = []
    private(set) var anchors: [Name: JSONPointer] = [:]
    private(set) var dynamicAnchors: [Name: JSONPointer] = [:]

    struct Name: Hashable {
        let resource: Int
        let anchor: String
    }

    /// Keywords that hold a schema, a list of schemas, and schemas by name.
    static let single = [
        "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties",
    ]
    static let lists = ["allOf", "anyOf", "oneOf", "prefixItems"]
    static let maps = ["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"]

    init(_ json: JSON) throws(JSONSchemaError) {
        self.json = json
        resources = [(URIReference(""), JSONPointer())]
        try walk(json, at: JSONPointer(), in: 0)
    }

    /// The resource with this identifier, without a fragment.
    func resource(_ uri: URIReference) -> Int? {
        resources.firstIndex { $0.uri == uri }
    }

    /// Notes the place and everything below it, for schemas that only a reference finds.
    mutating func walk(_ schema: JSON, at pointer: JSONPointer, in resource: Int) throws(JSONSchemaError) {
        guard resourceOf[pointer] == nil else { return }
        guard resourceOf.count < JSONSchema.Limits.nodes else {
            throw JSONSchemaError(message: "more than \(JSONSchema.Limits.nodes) schemas", pointer: pointer)
        }
        var resource = resource
        if let id = schema["$id"] {
            resource = try self.resource(id, at: pointer, in: resource)
        }
        resourceOf[pointer] = resource
        try name("$anchor", schema, pointer, resource)
        try name("$dynamicAnchor", schema, pointer, resource)
        for keyword in Self.single {
            guard let value = schema[keyword] else { continue }
            try walk(value, at: pointer.appending(keyword), in: resource)
        }
        for keyword in Self.lists {
            for (place, value) in (schema[keyword]?.array ?? []).enumerated() {
                try walk(value, at: pointer.appending(keyword).appending(place), in: resource)
            }
        }
        for keyword in Self.maps {
            for (key, value) in schema[keyword]?.object ?? [:] {
                try walk(value, at: pointer.appending(keyword).appending(key), in: resource)
            }
        }
    }

    private mutating func resource(
        _ id: JSON, at pointer: JSONPointer, in outer: Int
    ) throws(JSONSchemaError) -> Int {
        let place = pointer.appending("$id")
        guard let text = id.string, resources.indices.contains(outer) else {
            throw JSONSchemaError(message: "`$id` must be a string", pointer: place)
        }
        let reference = URIReference(text)
        guard (reference.fragment ?? "").isEmpty else {
            throw JSONSchemaError(message: "`$id` must have no fragment; use `$anchor`", pointer: place)
        }
        let uri = reference.resolved(against: resources[outer].uri).withoutFragment
        if pointer.tokens.isEmpty {
            resources[0].uri = uri
            return 0
        }
        guard resource(uri) == nil else {
            throw JSONSchemaError(message: "another schema of this document has the same `$id`", pointer: place)
        }
        resources.append((uri, pointer))
        return resources.count - 1
    }

    private mutating func name(
        _ keyword: String, _ schema: JSON, _ pointer: JSONPointer, _ resource: Int
    ) throws(JSONSchemaError) {
        guard let value = schema[keyword] else { return }
        let place = pointer.appending(keyword)
        guard let text = value.string, !text.isEmpty, !text.contains("/") else {
            throw JSONSchemaError(message: "`\(keyword)` must be a name", pointer: place)
        }
        let name = Name(resource: resource, anchor: text)
        if let other = anchors[name], other != pointer {
            throw JSONSchemaError(message: "another schema has the same anchor", pointer: place)
        }
        anchors[name] = pointer
        if keyword == "$dynamicAnchor" { dynamicAnchors[name] = pointer }
    }
}
