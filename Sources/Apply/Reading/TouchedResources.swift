import Spec
import State
import Values

/// The resources of files that were read again or are gone, as they were and as they are.
///
/// It is nil where they cannot be right together with the rest, or that cannot be told.
struct TouchedResources {
    /// As the files say now.
    let declared: [Resource]
    /// As they are in force.
    let recorded: [ResourceID: Resource]
    let removed: Set<ResourceID>
    /// Declared ones that are new or not as they are in force.
    let changed: Set<ResourceID>
    /// Everything that is noted of resources, of others too.
    let notes: [SourceNote]
    /// What is in force of what the declared ones refer to.
    let targets: [ResourceID: Resource]
    /// Touched agents that others use.
    let usedElsewhere: Set<ResourceID>
    /// Files of others of which the change makes something else to say.
    let filesToRead: Set<String>

    var ids: Set<ResourceID> { Set(declared.map(\.id)).union(recorded.keys) }

    init?(_ delta: SourceDelta, _ state: StateReader) throws {
        declared = delta.loaded.resources
        // Whether another one keeps the webhook of the same bot, only a full reading tells.
        guard !declared.contains(where: { $0.managedBot != nil }) else { return nil }
        let new = Set(declared.map(\.id))
        let old = Set(delta.previous.values.flatMap(\.declares))
        let found = try state.resources(old.union(new))
        // A name that is in force and was in none of these files is declared elsewhere.
        guard new.count == declared.count, Set(found.map(\.id)) == old else { return nil }
        let recorded = Dictionary(found.map { ($0.id, Resource($0)) }, uniquingKeysWith: { first, _ in first })
        self.recorded = recorded
        removed = old.subtracting(new)
        changed = Set(declared.filter { !Resource.areTheSame(recorded[$0.id], $0) }.map(\.id))
        notes = try state.sourceNotes()
        let targets = try Self.targets(of: declared, without: new, state)
        self.targets = targets
        let isWhole = declared.allSatisfy { resource in
            resource.references.allSatisfy {
                new.contains($0.target) || (targets[$0.target] != nil && !old.contains($0.target))
            }
        }
        let left = try state.users(of: removed, usesOnly: false).values.joined().contains { !old.contains($0) }
        guard isWhole, !left, try Self.areRenamesSound(declared, notes, old, new, state) else { return nil }
        let others = OtherUsers(declared, recorded, state)
        usedElsewhere = try others.usedElsewhere(new)
        filesToRead = try others.filesWithOtherAdvice(changed, removed, targets)
    }

    private static func targets(
        of declared: [Resource], without new: Set<ResourceID>, _ state: StateReader
    ) throws -> [ResourceID: Resource] {
        let targets = Set(declared.flatMap { $0.references.map(\.target) }).subtracting(new)
        return Dictionary(
            try state.resources(targets).map { ($0.id, Resource($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether no name is said to be a former one that is still there, or twice.
    private static func areRenamesSound(
        _ declared: [Resource], _ notes: [SourceNote], _ old: Set<ResourceID>, _ new: Set<ResourceID>,
        _ state: StateReader
    ) throws -> Bool {
        let own = declared.compactMap { resource in
            resource.renamedFrom.map { ResourceID(kind: resource.id.kind, name: $0) }
        }
        let others = notes.filter { !old.contains($0.id) && !new.contains($0.id) }.compactMap { note in
            note.renamedFrom.map { ResourceID(kind: note.id.kind, name: $0) }
        }
        guard !own.isEmpty || !others.isEmpty else { return true }
        let formers = Set(own)
        guard formers.count == own.count, formers.isDisjoint(with: others), formers.isDisjoint(with: new),
            new.isDisjoint(with: others)
        else { return false }
        return try state.resources(formers.subtracting(old)).isEmpty
    }

    /// What becomes of the references of each.
    var references: [SourceReferences] {
        let new = Dictionary(declared.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        func references(_ resource: Resource?) -> [ReferenceUse] {
            resource.map { $0.references + $0.runsHeard } ?? []
        }
        return changed.union(removed).sorted().map { id in
            SourceReferences(id, old: references(recorded[id]), new: references(new[id]))
        }
    }

    /// How many more of each kind there are than before.
    var counts: [KindName: Int] {
        var counts: [KindName: Int] = [:]
        for resource in declared where recorded[resource.id] == nil { counts[resource.id.kind, default: 0] += 1 }
        for id in removed { counts[id.kind, default: 0] -= 1 }
        return counts
    }
}
