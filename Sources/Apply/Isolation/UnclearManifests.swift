import Spec

/// Manifests of which it cannot be told whether they are what is gone, under another name: those with mistakes whose name
/// is new, or that stand where they did not, and further ones of one name.
struct UnclearManifests {
    private struct Manifest {
        let id: ResourceID
        let place: Place
        let isNew: Bool
        /// Nil where it cannot be compared.
        let content: ReadableContent?
    }

    private var byFormer: [ResourceID: Manifest] = [:]
    private var byPath: [String: Manifest] = [:]
    private var byKind: [KindName: [Manifest]] = [:]
    private var byName: [String: Manifest] = [:]

    /// Manifests of a kind that are compared with what is gone; of more, each may be it.
    private static let limit = 20

    init(_ loaded: LoadedCatalog, _ applied: Catalog) {
        let times = Self.counts(loaded.files.flatMap(\.declares))
        for file in loaded.files where !file.declares.isEmpty {
            for (id, count) in Self.counts(file.declares) {
                let unsound = file.unsound.filter { $0.id == id }
                let isTwice = times[id, default: 0] > 1
                // The one that stands where it stood is itself.
                let standing = applied[id]?.place.path == file.path ? 1 : 0
                guard (isTwice ? count : unsound.count) > standing else { continue }
                let twins = loaded.diagnostics.filter {
                    isTwice && $0.code == .duplicateResource && $0.place.path == file.path
                }
                let mark = unsound.last?.mark ?? twins.last?.place.mark ?? .start
                let manifest = Manifest(
                    id: id, place: Place(path: file.path, mark: mark), isNew: isTwice || !applied.contains(id),
                    content: isTwice || unsound.count != 1 ? nil : unsound.first?.content)
                let formers = unsound.compactMap(\.renamedFrom).map { ResourceID(kind: id.kind, name: $0) }
                    .filter { applied.contains($0) && times[$0] == nil }
                for former in formers { byFormer[former] = manifest }
                // What says whom it goes on as is nobody else.
                if formers.isEmpty { add(manifest) }
            }
        }
    }

    private static func counts(_ ids: [ResourceID]) -> [ResourceID: Int] {
        ids.reduce(into: [ResourceID: Int]()) { counts, id in counts[id, default: 0] += 1 }
    }

    private mutating func add(_ manifest: Manifest) {
        func keepFirst(_ old: Manifest?) -> Manifest {
            old.map { $0.id < manifest.id ? $0 : manifest } ?? manifest
        }
        byPath[manifest.place.path] = keepFirst(byPath[manifest.place.path])
        guard manifest.isNew else { return }
        byKind[manifest.id.kind, default: []].append(manifest)
        byName[manifest.id.name] = keepFirst(byName[manifest.id.name])
    }

    /// Why what is declared nowhere is kept; nil where it is gone.
    ///
    /// - Parameter heir: the sound manifest that is the resource under another name
    func reason(toKeep resource: Resource, heir: Resource?) -> Diagnostic? {
        if let own = byFormer[resource.id] { return Self.waits(resource.id, for: own.id, at: own.place) }
        guard heir?.renamedFrom != resource.id.name else { return nil }
        // Of what stands in its place and what is like it, either may be the one that goes on.
        if let found = byPath[resource.place.path] { return Self.mayBe(found.id, at: found.place) }
        guard heir == nil else { return nil }
        // A slip in the kind leaves the name.
        let found = ofItsKind(resource) ?? byName[resource.id.name]
        return found.map { Self.mayBe($0.id, at: $0.place) }
    }

    /// The first one that is like what is gone, as far as that can be told.
    private func ofItsKind(_ resource: Resource) -> Manifest? {
        guard let manifests = byKind[resource.id.kind] else { return nil }
        let order = manifests.sorted { $0.id < $1.id }
        guard manifests.count <= Self.limit else { return order.first }
        let gone = ReadableLikeness(of: resource)
        return order.first { gone.mayBecome($0.content) }
    }

    static func waits(_ former: ResourceID, for heir: ResourceID, at place: Place) -> Diagnostic {
        Diagnostic(
            .error, .renameConflict, "\(former) is kept, because \(heir), which it becomes, is not applied", at: place,
            fix: "mend \(heir)")
    }

    /// The same for all that it may be: one mistake.
    static func mayBe(_ heir: ResourceID, at place: Place) -> Diagnostic {
        Diagnostic(
            .error, .renameConflict,
            "what was declared before and is found nowhere now may be meant by this \(heir), which cannot be applied: it is kept",
            at: place, fix: "mend \(heir); to delete what is gone before that, do so in a commit without it")
    }
}
