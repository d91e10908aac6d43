extension JSONSchemaCompiler {
    /// The node that a `$ref` in a resource means, and the name if it means it by a `$dynamicAnchor`.
    mutating func target(
        _ text: String, _ place: JSONPointer, _ resource: Int
    ) throws(JSONSchemaError) -> (node: Int, anchor: String?) {
        guard index.resources.indices.contains(resource) else { throw missing(text, place) }
        let uri = URIReference(text).resolved(against: index.resources[resource].uri)
        guard let found = index.resource(uri.withoutFragment) else {
            throw JSONSchemaError(
                message: "`\(text)` is not in this document, and references to other documents are not followed; "
                    + "copy that schema into `$defs`",
                pointer: place)
        }
        guard let fragment = URIReference.percentDecoded(uri.fragment ?? "") else { throw missing(text, place) }
        guard fragment.isEmpty || fragment.hasPrefix("/") else {
            return try named(fragment, text, place, found)
        }
        guard let pointer = JSONPointer(fragment) else { throw missing(text, place) }
        return (try follow(pointer, text, place, found), nil)
    }

    private mutating func named(
        _ anchor: String, _ text: String, _ place: JSONPointer, _ resource: Int
    ) throws(JSONSchemaError) -> (node: Int, anchor: String?) {
        let name = JSONSchemaIndex.Name(resource: resource, anchor: anchor)
        guard let pointer = index.anchors[name], let schema = index.json.value(at: pointer) else {
            throw missing(text, place)
        }
        let node = try node(schema, at: pointer, in: resource)
        return (node, index.dynamicAnchors[name] == nil ? nil : anchor)
    }

    /// Walks from the resource's root, as an `$id` on the way changes what is inside.
    private mutating func follow(
        _ pointer: JSONPointer, _ text: String, _ place: JSONPointer, _ resource: Int
    ) throws(JSONSchemaError) -> Int {
        var here = index.resources[resource].root
        var resource = resource
        guard var schema = index.json.value(at: here) else { throw missing(text, place) }
        for token in pointer.tokens {
            guard let next = schema.child(token) else { throw missing(text, place) }
            schema = next
            here = here.appending(token)
            resource = index.resourceOf[here] ?? resource
        }
        return try node(schema, at: here, in: resource)
    }

    private func missing(_ text: String, _ place: JSONPointer) -> JSONSchemaError {
        JSONSchemaError(message: "`\(text)` leads to nothing in this document", pointer: place)
    }
}
