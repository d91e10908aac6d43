import Spec
import State
import Values

/// What is to be taken back.
package enum UndoTarget: Sendable, Hashable {
    /// All that a revision did.
    case revision(Int)
    /// The last change of one resource.
    case resource(ResourceID)
}

/// How something is taken back: a plan from what is in force to what would be.
package struct Undo: Sendable {
    package private(set) var plan: Plan
    /// Of triggers that come back: how far they had come when they were deleted.
    let cursors: [String: ScheduleCursor]
    /// The commit that the branch was at, which is not applied again until the branch moves.
    package let commit: String
    let branch: String?
    let directory: String

    /// Of what is not taken back with it.
    package mutating func add(_ warning: Diagnostic) { plan.warnings.append(warning) }
}

/// Finds out what was before a revision. Protection and brakes are for commits: an operator who takes something back has
/// said what goes.
package struct UndoPlanner: Sendable {
    private let reader: StateReader
    private let zones: ZoneDatabase

    private static let namesShown = 10

    package init(_ reader: StateReader, zones: ZoneDatabase) {
        self.reader = reader
        self.zones = zones
    }

    /// Throws an `UndoRefusal` or a `StateError`. References that would not hold are problems of the plan.
    package func undo(_ target: UndoTarget, asOf: Instant) throws -> Undo {
        let applied = try reader.appliedState()
        guard let current = applied.revision else {
            throw UndoRefusal(.notFound, "nothing was applied yet: there is nothing to undo")
        }
        let (undone, changes) = try changes(target)
        let old = applied.catalog
        try refuseChanged(changes, undone, current, old)
        let look = try reader.latestObservation()
        let seen = look?.outcome == .applied || look?.outcome == .unchanged ? look : nil
        let isLast = undone.revision == current.number && seen?.commit == current.commit
        var cursors: [String: ScheduleCursor] = [:]
        var restored: [Resource] = []
        for change in changes where change.action != .create {
            let before = try before(change)
            restored.append(old[change.id].map { before.standing(like: $0, since: change, isLast: isLast) } ?? before)
            guard change.action == .delete, change.id.kind == .trigger else { continue }
            cursors[change.id.name] = try reader.tombstone(of: change.id, deletedBy: change.revision)?.cursor
        }
        let touched = Set(changes.map(\.id))
        let wanted = Catalog(old.resources.filter { !touched.contains($0.id) } + restored)
        var plan = Planner(zones: zones).plan(
            wanted, commit: nil, applied: old, basis: applied.basis, asOf: asOf,
            settings: applied.settings ?? .standard, findsRenames: false)
        plan = plan.taking(
            back: undone,
            references: References.problems(of: wanted.resources, in: wanted)
                + ReferenceCycles.diagnostics(of: wanted))
        plan.note(try reader.overrides(at: asOf))
        return Undo(
            plan: plan, cursors: cursors, commit: seen?.commit ?? current.commit,
            branch: seen?.commit == nil ? current.branch : seen?.branch, directory: current.directory)
    }

    private func changes(_ target: UndoTarget) throws -> (Undone, [RevisionChange]) {
        switch target {
        case .revision(let number):
            guard try reader.revision(number) != nil else {
                throw UndoRefusal(.notFound, "there is no revision \(number): see `writ history`")
            }
            return (Undone(revision: number), try reader.changes(of: number))
        case .resource(let id):
            guard let last = try reader.changes(of: id, Page(limit: 1)).items.first else {
                throw UndoRefusal(.notFound, "no change of \(id) is recorded: see `writ history`")
            }
            return (Undone(revision: last.revision, resource: last.id), [last])
        }
    }

    /// A resource is what the revision made of it, or taking it back would take away what came later.
    private func refuseChanged(
        _ changes: [RevisionChange], _ undone: Undone, _ current: Revision, _ old: Catalog
    ) throws {
        guard undone.revision < current.number else { return }
        var later: [(id: ResourceID, revision: Int)] = []
        for change in changes {
            // Later changes that were taken back themselves, or led back to it, are in nobody's way.
            let left = try reader.resource(change.id, at: undone.revision).map { Resource($0) }
            if !Resource.areTheSame(left, old[change.id]),
                let last = try reader.changes(of: change.id, Page(limit: 1)).items.first,
                last.revision > undone.revision
            {
                later.append((change.id, last.revision))
            } else if let former = change.formerName.map({ ResourceID(kind: change.id.kind, name: $0) }),
                let taken = try reader.resource(former)
            {
                later.append((former, taken.sinceRevision))
            }
        }
        guard !later.isEmpty else { return }
        let shown = later.prefix(Self.namesShown).map { "\($0.id) (revision \($0.revision))" }.joined(separator: ", ")
        let more = later.count > Self.namesShown ? " and \(later.count - Self.namesShown) more" : ""
        throw UndoRefusal(
            .conflict,
            "\(undone) cannot be undone: later revisions changed \(shown)\(more); undo those first, or one resource at"
                + " a time with `writ undo --resource KIND/NAME`")
    }

    /// A resource as it was before a change.
    private func before(_ change: RevisionChange) throws -> Resource {
        let id = ResourceID(kind: change.id.kind, name: change.formerName ?? change.id.name)
        guard let version = try reader.resource(id, at: change.revision - 1) else {
            throw UndoRefusal(
                .conflict,
                "\(id) as it was before revision \(change.revision) is not recorded any more: it was deleted, and purged"
                    + " after `prune.grace`; declare it again in the repository")
        }
        guard Digest(of: version.manifest.canonicalBytes) == version.digest else {
            throw UndoRefusal(
                .conflict,
                "\(id) as it was before revision \(change.revision) was altered behind writ's back: what is recorded is not"
                    + " what was applied; declare it again in the repository")
        }
        return Resource(
            id: id, manifest: version.manifest, digest: version.digest, place: version.place,
            renamedFrom: change.action == .rename ? change.id.name : nil)
    }
}

extension Plan {
    /// The plan of an operator who takes something back.
    fileprivate func taking(back undone: Undone, references: [Diagnostic]) -> Plan {
        var plan = Plan(
            commit: nil, basis: basis, asOf: asOf,
            changes: changes.map { change in
                let reason =
                    switch change.action {
                    case .create: "deleted by revision \(undone.revision)"
                    case .update, .replace: "as it was before revision \(undone.revision)"
                    case .delete: "created by revision \(undone.revision)"
                    case .rename: "renamed by revision \(undone.revision)"
                    }
                return PlannedChange(
                    action: change.action, id: change.id, before: change.before, after: change.after, reason: reason,
                    fields: change.fields)
            },
            moves: [], shifts: [], unchanged: unchanged, warnings: warnings, forecasts: forecasts)
        plan.problems = references
        plan.settings = settings
        plan.undoes = undone
        return plan
    }
}
