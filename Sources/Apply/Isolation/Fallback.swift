import Spec
import State
import Values

/// Chooses, for each resource, between what is declared and what is in force.
struct Fallback {
    private let declared: Catalog
    private let applied: Catalog
    private(set) var chosen: [ResourceID: Resource] = [:]
    private var reasons: [ResourceID: [Diagnostic]] = [:]
    /// What new resources were before, where they do not say so themselves.
    private let formers: [ResourceID: ResourceID]
    /// New ones of which it cannot be told what they were before.
    private let unclear: Set<ResourceID>
    /// In force, and declared nowhere.
    private let vanished: [Resource]
    /// Whatever is declared, sound or not.
    private let named: Set<ResourceID>
    /// What the vanished may be meant by.
    private var unclearManifests: UnclearManifests
    /// New ones that wait and are among those.
    private var waiting: Set<ResourceID> = []
    /// Of those that wait for others: what is broken at the end of the way.
    private var roots: [ResourceID: ResourceID] = [:]

    init(_ loaded: LoadedCatalog, _ applied: Catalog) {
        declared = loaded.catalog
        self.applied = applied
        let named = Set(loaded.files.flatMap(\.declares))
        self.named = named
        let search = Self.renames(loaded, applied, named)
        formers = Dictionary(search.found.map { ($0.after.id, $0.before.id) }) { first, _ in first }
        unclear = search.unclear
        vanished = applied.resources.filter { !named.contains($0.id) }
        unclearManifests = UnclearManifests(loaded, applied)
        for resource in declared.resources { chosen[resource.id] = resource }
        holdBroken(loaded)
        holdUnread(loaded)
        addWaiting()
        holdVanished()
    }

    /// Renames as the planner finds them by content. What may still stand in a file that is broken is not gone.
    private static func renames(_ loaded: LoadedCatalog, _ applied: Catalog, _ named: Set<ResourceID>) -> RenameSearch {
        let hiding = Set(loaded.files.filter(\.hidesNames).map(\.path))
        return RenameSearch(
            created: loaded.catalog.resources.filter { !applied.contains($0.id) },
            deleted: applied.resources.filter { resource in
                !loaded.catalog.contains(resource.id) && !named.contains(resource.id)
                    && !hiding.contains(resource.place.path)
            })
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
            let own = hiding.first {
                $0.path == resource.place.path || resource.place.path.hasPrefix($0.path + "/")
            }
            let errors = (own ?? first).diagnostics.filter { $0.severity == .error }
            hold(resource.id, (own == nil ? [Self.mayHide(errors, in: first)] : []) + errors)
        }
    }

    /// The same for all that it may hide: one mistake.
    private static func mayHide(_ errors: [Diagnostic], in file: SourceFile) -> Diagnostic {
        Diagnostic(
            .error, errors.first?.code ?? .syntax,
            "what was declared before and is found nowhere now may stand in this file, which cannot be read: it is kept",
            at: errors.first?.place ?? Place(path: file.path, mark: .start), fix: "mend this file")
    }

    /// What is found nowhere now may be meant by a manifest with mistakes, or by a new one that waits.
    @discardableResult
    private mutating func holdVanished() -> Bool {
        let found = unclearManifests.reasons(
            toKeep: vanished.filter { reasons[$0.id] == nil }, heirs: heirs,
            isThere: { named.contains($0) && chosen[$0] != nil })
        for (id, why) in found { hold(id, [why]) }
        return !found.isEmpty
    }

    /// Whether there are new ones among those that wait, but for those that say whom they go on as.
    @discardableResult
    private mutating func addWaiting() -> Bool {
        let new = reasons.keys.filter { !applied.contains($0) && !waiting.contains($0) }.compactMap { declared[$0] }
        for resource in new {
            waiting.insert(resource.id)
            let former = resource.renamedFrom.map { ResourceID(kind: resource.id.kind, name: $0) }
            if former.map({ applied.contains($0) && !named.contains($0) }) != true {
                unclearManifests.add(waiting: resource)
            }
        }
        return !new.isEmpty
    }

    /// What sound manifests were before.
    private var heirs: [ResourceID: Resource] {
        let new = declared.resources.filter { !applied.contains($0.id) }
        return Dictionary(new.compactMap { new in former(of: new).map { ($0, new) } }) { first, _ in first }
    }

    /// Falls back on what is in force, or on nothing.
    private mutating func hold(_ id: ResourceID, _ why: [Diagnostic]) {
        for diagnostic in why where reasons[id]?.contains(diagnostic) != true {
            reasons[id, default: []].append(diagnostic)
        }
        if reasons[id] == nil { reasons[id] = [] }
        chosen[id] = applied[id]
        keepFormer(of: id)
    }

    /// What was to be renamed is not gone while its new name waits.
    private mutating func keepFormer(of id: ResourceID) {
        guard let resource = declared[id], !applied.contains(id) else { return }
        if let former = former(of: resource), applied.contains(former) {
            guard chosen[former] == nil, reasons[former] == nil else { return }
            hold(former, [UnclearManifests.waits(former, for: id, at: resource.place)])
        } else if unclear.contains(id) {
            let heirs = heirs
            for other in vanished
            where other.id.kind == id.kind && reasons[other.id] == nil && heirs[other.id] == nil {
                hold(other.id, [UnclearManifests.mayBe(id, at: resource.place)])
            }
        }
    }

    private func former(of resource: Resource) -> ResourceID? {
        resource.renamedFrom.map { ResourceID(kind: resource.id.kind, name: $0) } ?? formers[resource.id]
    }

    /// Until nothing new needs what is not new, nothing refers to what is not there, and nothing goes in a circle.
    mutating func settle() {
        while settleDependents() || settleReferences() || settleCycles() || settleRenames() || settleBots()
            || settleVanished()
        {}
    }

    /// What changes waits for what it needs, even where that is in force as it was: the two may be meant for each other.
    private mutating func settleDependents() -> Bool {
        let needs = Needs(of: chosen.values.filter { reasons[$0.id] == nil }, to: reasons.keys.sorted())
        var isChanged = false
        for (id, need) in needs.found.sorted(by: { $0.key < $1.key }) {
            guard let resource = chosen[id], !isInForce(resource) else { continue }
            let root = roots[need.root] ?? need.root
            roots[id] = root
            hold(id, [waiting(resource, for: root, by: need.use)])
            isChanged = true
        }
        return isChanged
    }

    /// - Parameter use: the first step of the way
    private func waiting(_ resource: Resource, for root: ResourceID, by use: ReferenceUse) -> Diagnostic {
        let isApplied = applied.contains(root)
        let way = use.target == root ? ", which" : " by way of \(use.target), and \(root)"
        return Diagnostic(
            .error, isApplied ? .staleReference : .danglingReference,
            "\(resource.id) needs \(root)\(way) \(isApplied ? "keeps its last good version" : "is not applied")",
            at: resource.place(of: use.pointer), fix: "mend \(root)")
    }

    private mutating func settleVanished() -> Bool { addWaiting() && holdVanished() }

    private func isInForce(_ resource: Resource) -> Bool {
        applied[resource.id].map(resource.saysTheSame) ?? false
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
            [.agent, .tool].contains($0.id.kind) && !isInForce($0) && reasons[$0.id] == nil
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
            guard let former = former(of: resource), chosen[former] != nil, reasons[resource.id] == nil else {
                continue
            }
            let pointer = JSONPointer(["metadata", resource.renamedFrom == nil ? "name" : "renamedFrom"])
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

    /// Of triggers that would keep the webhook of one bot, who has it already does, or who comes first.
    private mutating func settleBots() -> Bool {
        let rivals = Dictionary(grouping: chosen.values.filter { $0.managedBot != nil }) { $0.managedBot }
        var isChanged = false
        for case let (bot?, triggers) in rivals where triggers.count > 1 {
            let order = triggers.sorted { one, other in
                let (hasOne, hasOther) = (applied[one.id]?.managedBot == bot, applied[other.id]?.managedBot == bot)
                return hasOne == hasOther ? one.id < other.id : hasOne
            }
            guard let first = order.first else { continue }
            for trigger in order.dropFirst() where applied[trigger.id]?.digest != trigger.digest {
                let place = trigger.place(of: JSONPointer(["spec", "webhook", "token"]))
                hold(trigger.id, [BotCheck.problem(of: first.id, at: place)])
                isChanged = true
            }
        }
        return isChanged
    }
}
