import Spec
import State
import Values

/// What of a broken commit can be applied without the rest: the sound resources, and the last good version of those that
/// are broken, or that need what is broken.
///
/// What was applied last was valid as a whole, so that falling back on it, resource by resource, always ends well.
package struct Isolation: Sendable {
    /// Valid as a whole.
    package private(set) var catalog: Catalog
    /// In order of identity.
    package private(set) var stale: [StaleResource]
    /// Mistakes that keep none of them back, in order of place: in what could not be read, and names nothing.
    package private(set) var unheld: [Diagnostic]

    /// Nil where the trouble is with no resource, as in `writ.yaml`.
    package init?(_ loaded: LoadedCatalog, applied: Catalog) {
        guard !loaded.files.contains(where: { $0.role == .settings && $0.diagnostics.hasErrors }),
            // Then it is not known any more which files have mistakes.
            !loaded.diagnostics.contains(where: { $0.code == .tooManyProblems })
        else { return nil }
        var fallback = Fallback(loaded, applied)
        fallback.settle()
        catalog = Catalog(Array(fallback.chosen.values))
        stale = fallback.stale
        unheld = fallback.unheld(loaded)
        guard ReferenceCycles.diagnostics(of: catalog).isEmpty, !catalog.resources.isEmpty else { return nil }
    }
}

/// Chooses, for each resource, between what is declared and what is in force.
private struct Fallback {
    private let declared: Catalog
    private let applied: Catalog
    private(set) var chosen: [ResourceID: Resource] = [:]
    private var reasons: [ResourceID: [Diagnostic]] = [:]
    /// What new resources were before, where they do not say so themselves.
    private let formers: [ResourceID: ResourceID]

    init(_ loaded: LoadedCatalog, _ applied: Catalog) {
        declared = loaded.catalog
        self.applied = applied
        formers = Self.formers(loaded, applied)
        for resource in declared.resources { chosen[resource.id] = resource }
        holdBroken(loaded)
        holdUnread(loaded)
    }

    /// Renames as the planner finds them by content. What may still stand in a file that is broken is not gone.
    private static func formers(_ loaded: LoadedCatalog, _ applied: Catalog) -> [ResourceID: ResourceID] {
        let named = Set(loaded.files.flatMap(\.declares))
        let hiding = Set(loaded.files.filter(\.hidesNames).map(\.path))
        let search = RenameSearch(
            created: loaded.catalog.resources.filter { !applied.contains($0.id) },
            deleted: applied.resources.filter { resource in
                !loaded.catalog.contains(resource.id) && !named.contains(resource.id)
                    && !hiding.contains(resource.place.path)
            })
        return Dictionary(search.found.map { ($0.after.id, $0.before.id) }) { first, _ in first }
    }

    var stale: [StaleResource] {
        reasons.sorted { $0.key < $1.key }.map { id, diagnostics in
            StaleResource(id: id, isApplied: applied.contains(id), diagnostics: Array(diagnostics.prefix(20)))
        }
    }

    func unheld(_ loaded: LoadedCatalog) -> [Diagnostic] {
        let told = Set(reasons.values.joined())
        return loaded.diagnostics.filter { $0.severity == .error && !told.contains($0) }
    }

    /// Documents with mistakes of their own, names that are declared twice, and what a check of the whole tells of.
    private mutating func holdBroken(_ loaded: LoadedCatalog) {
        var seen: Set<ResourceID> = []
        for file in loaded.files {
            let errors = file.diagnostics.filter { $0.severity == .error }
            for id in file.declares {
                if !seen.insert(id).inserted {
                    hold(id, loaded.diagnostics.filter { $0.code == .duplicateResource && $0.place.path == file.path })
                } else if !errors.isEmpty, declared[id] == nil {
                    hold(id, errors)
                }
            }
        }
        let byPath = Dictionary(grouping: declared.resources, by: \.place.path)
        for diagnostic in loaded.diagnostics where [.danglingReference, .renameConflict].contains(diagnostic.code) {
            let before = (byPath[diagnostic.place.path] ?? []).filter { $0.place <= diagnostic.place }
            guard diagnostic.severity == .error, let owner = before.max(by: { $0.place < $1.place }),
                Self.says(owner, diagnostic)
            else { continue }
            hold(owner.id, [diagnostic])
        }
    }

    /// Whether it is this resource that says what is wrong, and not a broken one between it and the next.
    private static func says(_ resource: Resource, _ diagnostic: Diagnostic) -> Bool {
        guard diagnostic.code == .danglingReference else { return resource.renamedFrom != nil }
        return resource.references.contains { resource.place(of: $0.pointer) == diagnostic.place }
    }

    /// What is found nowhere now may stand in a file that cannot be read, wherever it stood before.
    private mutating func holdUnread(_ loaded: LoadedCatalog) {
        let hiding = loaded.files.filter(\.hidesNames)
        guard let first = hiding.first else { return }
        // Whose own mistakes are told does not stand anywhere else.
        for resource in applied.resources where !declared.contains(resource.id) && reasons[resource.id] == nil {
            let file = hiding.first { $0.path == resource.place.path } ?? first
            hold(resource.id, file.diagnostics.filter { $0.severity == .error })
        }
    }

    /// Falls back on what is in force, or on nothing.
    private mutating func hold(_ id: ResourceID, _ why: [Diagnostic]) {
        for diagnostic in why where reasons[id]?.contains(diagnostic) != true {
            reasons[id, default: []].append(diagnostic)
        }
        if reasons[id] == nil { reasons[id] = [] }
        chosen[id] = applied[id]
    }

    /// Until nothing refers to what is not there, and nothing goes in a circle.
    mutating func settle() {
        while settleReferences() || settleCycles() || settleRenames() {}
    }

    private mutating func settleReferences() -> Bool {
        var isChanged = false
        for (id, resource) in chosen.sorted(by: { $0.key < $1.key }) {
            for use in resource.references where chosen[use.target] == nil {
                let why = Diagnostic(
                    .error, .danglingReference, "\(id) needs \(use.target), which is not applied",
                    at: resource.place(of: use.pointer), fix: "mend \(use.target)")
                if reasons[id] == nil || chosen[id] != applied[id] {
                    hold(id, [why])
                } else if applied.contains(use.target) {
                    // The last good version of one needs that of the other.
                    hold(
                        use.target,
                        [
                            Diagnostic(
                                .error, .danglingReference, "\(use.target) is kept, because \(id) still needs it",
                                at: resource.place, fix: "mend \(id)")
                        ])
                } else {
                    chosen[id] = nil
                }
                isChanged = true
                break
            }
        }
        return isChanged
    }

    private mutating func settleCycles() -> Bool {
        guard let cycle = ReferenceCycles.diagnostics(of: Catalog(Array(chosen.values))).first else { return false }
        let new = chosen.values.filter {
            [.agent, .tool].contains($0.id.kind) && applied[$0.id]?.digest != $0.digest && reasons[$0.id] == nil
        }
        // The one at which it was found, and, where that is as it was applied, whatever may have closed the circle.
        let owner = new.filter { $0.place.path == cycle.place.path && $0.place <= cycle.place }
            .max { $0.place < $1.place }
        let held = owner.map { [$0] } ?? new
        for resource in held { hold(resource.id, [cycle]) }
        return !held.isEmpty
    }

    /// A name cannot be taken over from a resource that stays.
    private mutating func settleRenames() -> Bool {
        var isChanged = false
        for resource in chosen.values.sorted(by: { $0.id < $1.id }) {
            let said = resource.renamedFrom.map { ResourceID(kind: resource.id.kind, name: $0) }
            guard let former = said ?? formers[resource.id], chosen[former] != nil, reasons[resource.id] == nil else {
                continue
            }
            let pointer = JSONPointer(["metadata", said == nil ? "name" : "renamedFrom"])
            hold(
                resource.id,
                [
                    Diagnostic(
                        .error, .renameConflict, "\(resource.id) cannot be renamed from \(former), which is kept",
                        at: resource.place(of: pointer), fix: "mend what still needs \(former)")
                ])
            isChanged = true
        }
        return isChanged
    }
}
