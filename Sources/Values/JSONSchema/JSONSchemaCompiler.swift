/// Turns a document into nodes, beginning with the root and following what each refers to.
struct JSONSchemaCompiler {
    var index: JSONSchemaIndex
    private(set) var nodes: [JSONSchemaNode] = []
    private(set) var resources: [JSONSchemaResource] = []
    private var places: [JSONPointer: Int] = [:]
    private var waiting: [(place: Int, schema: JSON)] = []

    init(_ index: JSONSchemaIndex) {
        self.index = index
    }

    mutating func compile() throws(JSONSchemaError) {
        _ = try node(index.json, at: JSONPointer(), in: 0)
        for pointer in index.dynamicAnchors.values.sorted() {
            guard let schema = index.json.value(at: pointer) else { continue }
            _ = try node(schema, at: pointer, in: 0)
        }
        while let (place, schema) = waiting.popLast() {
            try fill(place, schema)
        }
        resources = index.resources.map { JSONSchemaResource(uri: $0.uri) }
        for (name, pointer) in index.dynamicAnchors where resources.indices.contains(name.resource) {
            resources[name.resource].dynamicAnchors[name.anchor] = places[pointer]
        }
    }

    /// The node for a schema of the document, to be filled later if it is new.
    mutating func node(_ schema: JSON, at pointer: JSONPointer, in outer: Int) throws(JSONSchemaError) -> Int {
        if let place = places[pointer] { return place }
        try index.walk(schema, at: pointer, in: outer)
        let resource = index.resourceOf[pointer] ?? outer
        nodes.append(JSONSchemaNode(pointer: pointer, resource: resource))
        places[pointer] = nodes.count - 1
        waiting.append((nodes.count - 1, schema))
        return nodes.count - 1
    }

    private mutating func fill(_ place: Int, _ schema: JSON) throws(JSONSchemaError) {
        guard nodes.indices.contains(place) else { return }
        let pointer = nodes[place].pointer
        switch schema {
        case .bool(let answer):
            nodes[place].fixed = answer
        case .object:
            let reader = JSONSchemaKeywords(schema: schema, pointer: pointer)
            nodes[place].assertions = try reader.assertions()
            let applicators = try applicators(reader, nodes[place].resource)
            nodes[place].applicators = applicators
        default:
            throw JSONSchemaError(message: "a schema must be an object, `true` or `false`", pointer: pointer)
        }
    }

    private mutating func applicators(
        _ reader: JSONSchemaKeywords, _ resource: Int
    ) throws(JSONSchemaError) -> [JSONSchemaApplicator] {
        // Checked even where nothing refers to them.
        _ = try map("$defs", reader, resource)
        _ = try map("definitions", reader, resource)
        var result: [JSONSchemaApplicator] = []
        if let text = try reader.text("$ref") {
            result.append(.reference(try target(text, reader.place("$ref"), resource).node))
        }
        if let text = try reader.text("$dynamicRef") {
            let (node, anchor) = try target(text, reader.place("$dynamicRef"), resource)
            result.append(.dynamicReference(node, anchor: anchor))
        }
        if let list = try list("allOf", reader, resource) { result.append(.allOf(list)) }
        if let list = try list("anyOf", reader, resource) { result.append(.anyOf(list)) }
        if let list = try list("oneOf", reader, resource) { result.append(.oneOf(list)) }
        if let node = try single("not", reader, resource) { result.append(.not(node)) }
        if let condition = try single("if", reader, resource) {
            let then = try single("then", reader, resource)
            let otherwise = try single("else", reader, resource)
            result.append(.condition(condition, then: then, otherwise: otherwise))
        }
        if let map = try map("dependentSchemas", reader, resource) { result.append(.dependentSchemas(map)) }
        if let properties = try properties(reader, resource) { result.append(.properties(properties)) }
        if let node = try single("propertyNames", reader, resource) { result.append(.propertyNames(node)) }
        let prefix = try list("prefixItems", reader, resource)
        let items = try single("items", reader, resource)
        if prefix != nil || items != nil { result.append(.items(prefix: prefix ?? [], rest: items)) }
        if let node = try single("contains", reader, resource) {
            let atLeast = try reader.count("minContains") ?? 1
            result.append(.contains(node, atLeast: atLeast, atMost: try reader.count("maxContains")))
        }
        if let node = try single("unevaluatedItems", reader, resource) { result.append(.unevaluatedItems(node)) }
        if let node = try single("unevaluatedProperties", reader, resource) {
            result.append(.unevaluatedProperties(node))
        }
        return result
    }

    private mutating func properties(
        _ reader: JSONSchemaKeywords, _ resource: Int
    ) throws(JSONSchemaError) -> JSONSchemaProperties? {
        let named = try map("properties", reader, resource)
        let patterned = try map("patternProperties", reader, resource)
        let additional = try single("additionalProperties", reader, resource)
        guard named != nil || patterned != nil || additional != nil else { return nil }
        var properties = JSONSchemaProperties(named: named ?? [:], additional: additional)
        for (text, node) in (patterned ?? [:]).sorted(by: { $0.key.precedesInBytes($1.key) }) {
            let pattern = try reader.pattern(text, at: reader.place("patternProperties").appending(text))
            properties.patterns.append((pattern, node))
        }
        return properties
    }

    private mutating func single(
        _ keyword: String, _ reader: JSONSchemaKeywords, _ resource: Int
    ) throws(JSONSchemaError) -> Int? {
        guard let schema = reader.schema[keyword] else { return nil }
        if keyword == "items", schema.array != nil {
            throw reader.wrong(keyword, "one schema; a list of them is called `prefixItems` since draft 2020-12")
        }
        return try node(schema, at: reader.place(keyword), in: resource)
    }

    private mutating func list(
        _ keyword: String, _ reader: JSONSchemaKeywords, _ resource: Int
    ) throws(JSONSchemaError) -> [Int]? {
        guard let schemas = try reader.schemas(keyword) else { return nil }
        var nodes: [Int] = []
        for (place, schema) in schemas.enumerated() {
            nodes.append(try node(schema, at: reader.place(keyword).appending(place), in: resource))
        }
        return nodes
    }

    private mutating func map(
        _ keyword: String, _ reader: JSONSchemaKeywords, _ resource: Int
    ) throws(JSONSchemaError) -> [String: Int]? {
        guard let schemas = try reader.members(keyword) else { return nil }
        var nodes: [String: Int] = [:]
        for (key, schema) in schemas {
            nodes[key] = try node(schema, at: reader.place(keyword).appending(key), in: resource)
        }
        return nodes
    }
}
