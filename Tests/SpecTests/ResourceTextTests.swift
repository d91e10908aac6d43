import Spec
import Testing
import Values

/// Resources that are read from the bytes of their canonical manifests.
@Suite struct ResourceTextTests {
    private static func loaded() throws -> [Resource] {
        try CatalogLoader(zones: .system).load(try MarkedText(CompleteManifests.text).snapshot).catalog.resources
    }

    @Test func `the bytes of a manifest say all that its tree says`() throws {
        let resources = try Self.loaded()
        #expect(Set(resources.map(\.id.kind)).count == KindCatalog.all.count)
        for resource in resources {
            let read = try #require(
                Resource(
                    reading: resource.canonicalBytes, place: resource.place, places: resource.places,
                    renamedFrom: resource.renamedFrom))
            #expect(read == resource)
            #expect(read.manifest == resource.manifest)
            #expect(read.canonical.bytes == resource.canonical.bytes)
            #expect(read.canonical.digest == resource.canonical.digest)
            #expect(read.isProtected == resource.isProtected)
            #expect(read.isSuspended == resource.isSuspended)
            #expect(read.references == resource.references)
            #expect(read.reach == resource.reach)
            #expect(read.needsApproval == resource.needsApproval)
            #expect(read.sentEvents == resource.sentEvents)
            #expect(read.target == resource.target)
            #expect(read.sort == resource.sort)
            #expect(read.schedule == resource.schedule)
            #expect(read.heardRepository == resource.heardRepository)
            #expect(read.listener == resource.listener)
        }
        #expect(resources.contains { $0.schedule != nil })
        #expect(resources.contains { $0.listener != nil })
        #expect(resources.contains { $0.sentEvents != nil })
    }

    @Test func `what is recorded anew of a resource from a state has the digest of its body`() throws {
        let resource = try #require(try Self.loaded().first)
        let altered = Resource(
            id: resource.id, manifest: resource.manifest, digest: Digest(of: [0]), place: resource.place)
        #expect(altered.digest == Digest(of: [0]))
        #expect(altered.canonical.digest == resource.digest)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"kind":"Agent"}"#, #"{"kind":"Nothing","metadata":{"name":"a"}}"#,
        #"{"kind":"User","metadata":{"name":"a"}"#, #"{"kind":"User","kind":"User","metadata":{"name":"a"}}"#,
    ])
    func `what no reading of manifests gives is no resource`(_ text: String) {
        #expect(Resource(reading: Array(text.utf8), place: Place(path: "a.yaml", mark: .start)) == nil)
    }
}
