import Spec

/// Manifests of which it cannot be told whether they are what is gone, under another name: those with mistakes whose name
/// is new, or that stand where they did not, further ones of one name, and new ones that wait.
struct UnclearManifests {
    private struct Manifest {
        let id: ResourceID
        let place: Place
        let isNew: Bool
        /// Whether nothing is wrong with it but what it names, or that it waits.
        var isSound = false
        /// Nil where it cannot be compared.
        let content: ReadableContent?

        func mayBecome(_ gone: Set<ContentPart>, _ mendable: MendableContent?) -> Bool {
            guard let mendable else { return true }
            // What says too little may be anything.
            if !isSound, !mendable.isTelling || gone.count < ResourceContents.least { return true }
            return mendable.mayBecome(gone)
        }
    }

    private var byFormer: [ResourceID: Manifest] = [:]
    private var byPath: [String: Manifest] = [:]
    private var byKind: [KindName: [Manifest]] = [:]
    private var byName: [String: Manifest] = [:]

    /// Manifests of a kind that are compared with what is gone, however much that is.
    private static let limit = 20
    /// Comparisons of a kind; of more manifests than `limit`, each may be it where there would be more.
    private static let comparisons = 20_000

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

    /// A new one that is not applied, whatever for: its place and its name are what they are meant to be.
    mutating func add(waiting resource: Resource) {
        byKind[resource.id.kind, default: []].append(
            Manifest(
                id: resource.id, place: resource.place, isNew: true, isSound: true,
                content: ReadableContent(known: resource.manifest)))
    }

    /// Which of those that are declared nowhere are kept, and why.
    ///
    /// - Parameters:
    ///   - heirs: sound manifests that are such a resource under another name
    ///   - isThere: whether something of that name is declared and will be in force
    func reasons(
        toKeep vanished: [Resource], heirs: [ResourceID: Resource], isThere: (ResourceID) -> Bool
    ) -> [(id: ResourceID, why: Diagnostic)] {
        Dictionary(grouping: vanished, by: \.id.kind).sorted { $0.key < $1.key }.flatMap { kind, vanished in
            let manifests = (byKind[kind] ?? []).sorted { $0.id < $1.id }
            let isCompared = manifests.count <= max(Self.limit, Self.comparisons / vanished.count)
            let contents = manifests.map { manifest in
                isCompared ? manifest.content.map { MendableContent(kind, $0, isThere: isThere) } : nil
            }
            return vanished.compactMap { resource in
                reason(toKeep: resource, heir: heirs[resource.id]) {
                    let gone = ContentPart.parts(of: resource.manifest)
                    return zip(manifests, contents).first { $0.mayBecome(gone, $1) }?.0
                }.map { (resource.id, $0) }
            }
        }
    }

    /// - Parameter ofItsKind: the first one that is like what is gone, as far as that can be told
    private func reason(toKeep resource: Resource, heir: Resource?, ofItsKind: () -> Manifest?) -> Diagnostic? {
        if let own = byFormer[resource.id] { return Self.waits(resource.id, for: own.id, at: own.place) }
        guard heir?.renamedFrom != resource.id.name else { return nil }
        // Of what stands in its place and what is like it, either may be the one that goes on.
        if let found = byPath[resource.place.path] { return Self.mayBe(found.id, at: found.place) }
        guard heir == nil else { return nil }
        // A slip in the kind leaves the name.
        let found = ofItsKind() ?? byName[resource.id.name]
        return found.map { Self.mayBe($0.id, at: $0.place) }
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
