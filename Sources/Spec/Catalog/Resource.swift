import Values

/// A validated manifest, as plain data: it can be recorded, sent to another process and compared.
package struct Resource: Sendable, Hashable {
    package let id: ResourceID
    /// Canonical: defaults left out, one way to write each value, included files with their text.
    package let manifest: JSON
    /// Of the canonical manifest's bytes.
    package let digest: Digest
    /// Where its document begins.
    package let place: Place
    /// Where each of its values begins, by JSON pointer into the manifest. Empty for what was read from state.
    package let places: [JSONPointer: Mark]
    /// The former name that the manifest says; an instruction, and no part of what is recorded.
    package let renamedFrom: String?

    package init(
        id: ResourceID, manifest: JSON, place: Place, places: [JSONPointer: Mark] = [:], renamedFrom: String? = nil
    ) {
        self.init(
            id: id, manifest: manifest, digest: Digest(of: manifest.canonicalBytes), place: place, places: places,
            renamedFrom: renamedFrom)
    }

    /// With a digest that is already known.
    package init(
        id: ResourceID, manifest: JSON, digest: Digest, place: Place, places: [JSONPointer: Mark] = [:],
        renamedFrom: String? = nil
    ) {
        self.id = id
        self.manifest = manifest
        self.digest = digest
        self.place = place
        self.places = places
        self.renamedFrom = renamedFrom
    }

    /// Whether it must not be deleted, nor renamed away.
    package var isProtected: Bool { manifest["metadata"]?["protect"]?.bool == true }

    /// The typed spec; nil when this is another kind, or was recorded by a version with other fields.
    package func spec<Spec: Kind>(as kind: Spec.Type) -> Spec? {
        guard id.kind == kind.kindName, let spec = manifest["spec"] else { return nil }
        return kind.read(Node(json: spec), ManifestReading(path: place.path, source: .recorded))
    }

    package var metadata: Metadata? {
        guard let metadata = manifest["metadata"] else { return nil }
        return Metadata.read(Node(json: metadata), ManifestReading(path: place.path, source: .recorded))
    }

    /// Where the value that `pointer` names begins, or the nearest around it.
    package func place(of pointer: JSONPointer) -> Place {
        var tokens = pointer.tokens
        while !tokens.isEmpty {
            if let mark = places[JSONPointer(tokens)] { return Place(path: place.path, mark: mark) }
            tokens.removeLast()
        }
        return place
    }
}
