import Values

extension Resource {
    /// Every secret that the manifest names, found by walking it along the shape of its kind.
    package var secretReferences: [SecretReference] {
        guard let shape = KindCatalog[id.kind]?.shape, let spec = manifest["spec"] else { return [] }
        var found: [SecretReference] = []
        shape.collectSecrets(in: spec, into: &found)
        return found
    }
}

extension Shape {
    fileprivate func collectSecrets(in value: JSON, into found: inout [SecretReference]) {
        switch self {
        case .object(let object):
            if case .object(let secret) = SecretReference.shape, secret.name == object.name {
                let reading = ManifestReading(path: "", source: .recorded)
                if let reference = SecretReference.read(Node(json: value), reading) { found.append(reference) }
                return
            }
            for field in object.fields {
                if let member = value[field.name] { field.shape.collectSecrets(in: member, into: &found) }
            }
        case .list(let item, _):
            for element in value.array ?? [] { item.collectSecrets(in: element, into: &found) }
        case .map(let item):
            for element in (value.object ?? [:]).values { item.collectSecrets(in: element, into: &found) }
        case .anyOf(let alternatives):
            alternatives.first { $0.takes(value) }?.collectSecrets(in: value, into: &found)
        case .text, .integer, .number, .boolean, .choice, .reference, .jsonSchema, .any: return
        }
    }
}
