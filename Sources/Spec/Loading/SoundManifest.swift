import Values

/// A manifest without mistakes, as another process is told of it, and a resource is made of it.
package struct SoundManifest: Sendable {
    package let id: ResourceID
    /// Where its document begins.
    package let place: Place
    /// Where each of its values begins.
    package let places: Places
    /// The former name that it says.
    package let renamedFrom: String?
    /// Its canonical JSON.
    package let canonical: [UInt8]
    /// The same, where it was read from nodes.
    private let manifest: JSON?

    init(id: ResourceID, place: Place, places: Places, canonical: [UInt8]) {
        self.id = id
        self.place = place
        self.places = places
        self.renamedFrom = nil
        self.canonical = canonical
        self.manifest = nil
    }

    init(_ resource: Resource) {
        id = resource.id
        place = resource.place
        places = resource.places
        renamedFrom = resource.renamedFrom
        canonical = resource.manifest.canonicalBytes
        manifest = resource.manifest
    }

    /// Throws `JSONError` only where writ wrote what it cannot read.
    package func resource() throws -> Resource {
        Resource(
            id: id, manifest: try manifest ?? JSON(parsing: canonical, limits: .ofOwnText),
            digest: Digest(of: canonical), place: place, places: places, renamedFrom: renamedFrom)
    }
}
