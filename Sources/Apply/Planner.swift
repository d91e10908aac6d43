import Spec
import State
import Values

/// Computes the difference between what is declared and what is recorded. Pure: it reads no file, clock or database,
/// and cannot fail.
package struct Planner: Sendable {
    private let zones: ZoneDatabase
    private let spread: Spread

    /// Changes that are looked at in one go.
    private static let piece = 256

    /// - Parameters:
    ///   - zones: for the forecasts of schedules
    ///   - spread: how schedules are looked at at the same time
    package init(zones: ZoneDatabase, spread: Spread = .here) {
        self.zones = zones
        self.spread = spread
    }

    /// - Parameters:
    ///   - declared: a valid catalog; what is not in it is deleted
    ///   - asOf: the clock of the forecasts
    ///   - settings: what the commit itself says of later ones
    ///   - brakes: from what is applied and from the operator, never from the commit
    ///   - totals: of all that is applied, where `applied` is a part of it
    ///   - prunes: whether what is no longer declared is deleted; from what is applied too
    ///   - findsRenames: whether what is new may be what is gone, where it does not say so itself
    package func plan(
        _ declared: Catalog, commit: String?, applied: Catalog, basis: Plan.Basis, asOf: Instant,
        warnings: [Diagnostic] = [], settings: Settings = .standard, brakes: Brakes = Brakes(),
        totals: CatalogTotals? = nil, prunes: Bool = true, findsRenames: Bool = true
    ) -> Plan {
        var changes: [PlannedChange] = []
        var moves: [PlannedMove] = []
        var shifts: [Resource] = []
        var created: [Resource] = []
        for resource in declared.resources {
            guard let recorded = applied[resource.id] else {
                created.append(resource)
                continue
            }
            guard let texts = resource.textMoves(since: recorded) else {
                changes.append(update(from: recorded, to: resource))
                continue
            }
            if !texts.isEmpty || recorded.place.path != resource.place.path {
                moves.append(PlannedMove(before: recorded, after: resource, texts: texts))
            } else if recorded.place != resource.place {
                shifts.append(resource)
            }
        }
        let deleted = applied.resources.filter { !declared.contains($0.id) }
        let taken = TakenNames.problems(of: declared, applied: applied, deleted: deleted)
        let renames = RenameSearch(created: created, deleted: deleted, bySimilarity: findsRenames)
        let renamed = Set(renames.found.flatMap { [$0.before.id, $0.after.id] })
        changes += renames.found.map(rename)
        changes += created.filter { !renamed.contains($0.id) }.map { creation(of: $0, basis) }
        let gone = deleted.filter { !renamed.contains($0.id) }
        if prunes { changes += gone.map(deletion) }
        // Where all of them are of one sort, they are in order already.
        if zip(changes, changes.dropFirst()).contains(where: { $1.id < $0.id }) { changes.sort { $0.id < $1.id } }
        let totals = totals ?? CatalogTotals(applied)
        var plan = Plan(
            commit: commit, basis: basis, asOf: asOf, changes: changes, moves: moves, shifts: shifts,
            unchanged: totals.count - changes.count { $0.before != nil },
            warnings: renames.warnings.isEmpty ? warnings : (warnings + renames.warnings).sorted(),
            forecasts: forecasts(changes, in: declared, asOf),
            problems: taken + renames.problems + Protection.problems(of: changes),
            brake: brakes.finding(of: changes, totals),
            settings: settings)
        if !prunes {
            plan.kept = gone
            plan.problems += References.problems(
                ofKept: gone, in: Catalog(declared.resources + gone), changes)
        }
        return plan
    }

    /// The same from what was read of a commit; what is to be recorded with it goes with the plan.
    package func plan(_ reading: CommitReading, asOf: Instant, brakes: Brakes) -> Plan {
        var plan = plan(
            reading.declared, commit: reading.commit, applied: reading.applied, basis: reading.head.basis, asOf: asOf,
            warnings: reading.warnings, settings: reading.settings, brakes: brakes, totals: reading.totals,
            prunes: (reading.head.settings(for: reading.commit) ?? .standard).prune.enabled)
        // What is in force and in no file is found by reading everything alone.
        plan.sources = plan.kept.isEmpty ? reading.record : nil
        plan.stale = reading.stale
        plan.unheld = reading.unheld
        return plan
    }

    private func rename(_ rename: Rename) -> PlannedChange {
        PlannedChange(
            action: .rename, id: rename.after.id, before: rename.before, after: rename.after, reason: rename.reason,
            fields: FieldDifference.between(
                rename.before.manifest, rename.after.manifest, of: rename.after.id.kind))
    }

    private func deletion(of recorded: Resource) -> PlannedChange {
        PlannedChange(
            action: .delete, id: recorded.id, before: recorded, after: nil,
            reason: "no longer declared; it stood at \(recorded.place)", fields: [])
    }

    private func creation(of resource: Resource, _ basis: Plan.Basis) -> PlannedChange {
        let former = resource.renamedFrom.map { ", nor is \(resource.id.kind)/\($0)" } ?? ""
        let reason =
            switch (basis.revision, basis.commit) {
            case (0, nil): "nothing was applied yet"
            case (0, let commit?): "not in commit \(commit.prefix(12))\(former)"
            case (let revision, _): "not in revision \(revision)\(former)"
            }
        return PlannedChange(
            action: .create, id: resource.id, before: nil, after: resource, reason: reason)
    }

    private func update(from recorded: Resource, to resource: Resource) -> PlannedChange {
        let fields = FieldDifference.between(recorded.manifest, resource.manifest, of: resource.id.kind)
        let fixed = Replacement.field(from: recorded.manifest, to: resource.manifest, of: resource.id.kind)
        return PlannedChange(
            action: fixed == nil ? .update : .replace, id: resource.id, before: recorded, after: resource,
            reason: fixed.map { "\($0) makes it another thing under the same name" } ?? reason(fields, resource),
            fields: fields)
    }

    /// `spec.model.name changed`, or which included file did.
    private func reason(_ fields: [FieldChange], _ resource: Resource) -> String {
        guard let first = fields.first else { return "written by another version of writ" }
        if fields.count == 1, first.pointer.tokens.last == "text" {
            let parent = JSONPointer(Array(first.pointer.tokens.dropLast()))
            if let file = resource.manifest.value(at: parent)?["file"]?.string { return "\(file) changed" }
        }
        return fields.count == 1 ? "\(first.label) changed" : "\(first.label) and \(fields.count - 1) more changed"
    }

    /// Of schedules that are new, or fire otherwise than before. One whose agent or tool is suspended runs nothing.
    private func forecasts(_ changes: [PlannedChange], in declared: Catalog, _ asOf: Instant) -> [Forecast] {
        let triggers = changes.filter { $0.id.kind == .trigger }
        let found = spread.map(triggers[...], by: Self.piece) { changes in
            changes.compactMap { change -> Forecast? in
                guard let after = change.after, let schedule = after.activeSchedule,
                    schedule.timingDigest != change.before?.activeSchedule?.timingDigest,
                    after.target.flatMap({ declared[$0] })?.isSuspended != true
                else { return nil }
                return forecast(of: schedule, named: change.id.name, asOf)
            }
        }
        return found.flatMap(\.self)
    }

    private func forecast(of schedule: Trigger.Schedule, named name: String, _ asOf: Instant) -> Forecast? {
        guard let zone = try? zones.zone(named: schedule.timeZone.identifier) else { return nil }
        var times: [String] = []
        var instant = asOf
        while times.count < 3, let next = schedule.cron.next(after: instant, in: zone) {
            times.append(next.rfc3339(in: zone))
            instant = next
        }
        return Forecast(trigger: name, timeZone: schedule.timeZone.identifier, times: times)
    }
}
