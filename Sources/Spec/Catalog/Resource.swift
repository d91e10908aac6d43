import Synchronization
import Values

/// A validated manifest, as plain data: it can be recorded, sent to another process and compared.
package struct Resource: Sendable, Hashable {
    /// Shared by all copies, which plans make many of.
    private let content: Content

    private final class Content: Sendable {
        let id: ResourceID
        let manifest: JSON
        let place: Place
        let places: Places
        let renamedFrom: String?
        /// Worked out when somebody asks: who reads files for another process does not.
        private let known: Mutex<Digest?>

        init(
            id: ResourceID, manifest: JSON, digest: Digest?, place: Place, places: Places, renamedFrom: String?
        ) {
            self.id = id
            self.manifest = manifest
            self.known = Mutex(digest)
            self.place = place
            self.places = places
            self.renamedFrom = renamedFrom
        }

        var digest: Digest {
            known.withLock { known in
                let digest = known ?? Digest(of: manifest.canonicalBytes)
                known = digest
                return digest
            }
        }
    }

    package init(
        id: ResourceID, manifest: JSON, place: Place, places: Places = .none, renamedFrom: String? = nil
    ) {
        content = Content(
            id: id, manifest: manifest, digest: nil, place: place, places: places, renamedFrom: renamedFrom)
    }

    /// With a digest that is already known.
    package init(
        id: ResourceID, manifest: JSON, digest: Digest, place: Place, places: Places = .none,
        renamedFrom: String? = nil
    ) {
        content = Content(
            id: id, manifest: manifest, digest: digest, place: place, places: places, renamedFrom: renamedFrom)
    }

    package var id: ResourceID { content.id }
    /// Canonical: defaults left out, one way to write each value, included files with their text.
    package var manifest: JSON { content.manifest }
    /// Of the canonical manifest's bytes.
    package var digest: Digest { content.digest }
    /// Where its document begins.
    package var place: Place { content.place }
    /// Where each of its values begins. Empty for what was read from state.
    package var places: Places { content.places }
    /// The former name that the manifest says; an instruction, and no part of what is recorded.
    package var renamedFrom: String? { content.renamedFrom }

    package static func == (left: Resource, right: Resource) -> Bool {
        if left.content === right.content { return true }
        return left.id == right.id && left.digest == right.digest && left.manifest == right.manifest
            && left.place == right.place && left.places == right.places && left.renamedFrom == right.renamedFrom
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(digest)
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
        places.mark(of: pointer).map { Place(path: place.path, mark: $0) } ?? place
    }
}
