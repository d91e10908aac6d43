import Spec
import State
import Values

/// Makes a plan the truth: one transaction, or nothing.
package struct Applier: Sendable {
    let store: StateStore
    private let zones: ZoneDatabase

    /// - Parameter zones: for what changed schedules leave undecided
    package init(_ store: StateStore, zones: ZoneDatabase) {
        self.store = store
        self.zones = zones
    }

    package enum Outcome: Sendable {
        case applied(Revision)
        /// The commit changes no resource: it is noted as observed, and makes no revision.
        case unchanged
        /// The plan has problems, or deletes more than goes without a word: nothing was changed.
        case refused([Diagnostic])
    }

    /// Throws `StateError.moved` when a resource of the plan is not as the plan saw it any more.
    ///
    /// - Parameters:
    ///   - continuing: cursors of triggers that come back, which go on from there where their times are the same
    ///   - restores: whether what was altered behind Writ's back is put back
    package func apply(
        _ plan: Plan, commit: String, branch: String?, directory: String = "", actor: String, at now: Instant,
        continuing cursors: [String: ScheduleCursor] = [:], restores: Bool = true
    ) throws(StateError) -> Outcome {
        guard plan.refusals.isEmpty else { return .refused(plan.refusals) }
        // Who applies once, without having seen time pass.
        var time = RemovalTime()
        if let old = try time.time(now, steady: .zero, newest: store.reader.newestRecord) {
            try store.purgeTombstones(now: old)
        }
        let restoring = restores ? plan.restoring(actor: actor, at: now) : nil
        let told = plan.mistakes + plan.warnings
        let warnings = JSON.array(told.prefix(100).map(\.json))
        let left = plan.leftOut.map { "; \($0)" } ?? ""
        guard !plan.isEmpty else {
            try follow(
                plan,
                Observation(
                    commit: commit, branch: branch, at: now, outcome: .unchanged, revision: plan.basis.revision,
                    message: "\(plan.quietMessage)\(left)", diagnostics: warnings), restoring, directory)
            return .unchanged
        }
        var schedules = scheduleChanges(plan, now)
        schedules.set = schedules.set.map { cursor in
            cursors[cursor.trigger].flatMap { $0.specDigest == cursor.specDigest ? $0 : nil } ?? cursor
        }
        let undecided = UndecidedInstants(plan, zones: zones, now: now)
        let revision = try store.apply(
            RevisionApplication(
                commit: commit, branch: branch, directory: directory, planDigest: plan.digest, actor: actor, at: now,
                changes: plan.changes.compactMap(change), places: plan.newPlaces, texts: plan.newTexts,
                summary: plan.summaryJSON, cursors: schedules.set, upcoming: upcoming(schedules.set, plan),
                removedCursors: schedules.removed,
                undecided: undecided.skipped,
                message: (plan.undoes.map { "undid \($0). " } ?? "") + plan.message,
                diagnostics: warnings, settings: plan.undoes == nil ? plan.settings : nil, sources: plan.sources,
                undoes: plan.undoes,
                stale: plan.undoes == nil ? plan.stale : nil, restoring: restoring))
        return .applied(revision)
    }

    private func change(_ change: PlannedChange) -> ResourceChange? {
        // Of what is created they are its manifest, which is recorded once.
        let fields = change.before == nil ? "[]" : FieldChange.text(of: change.fields)
        switch (change.before, change.after) {
        case (nil, let after?):
            return ResourceChange(
                id: change.id, edit: .create(ManifestVersion(after)), reason: change.reason, fieldsText: fields)
        case (let before?, let after?) where before.id != after.id:
            return ResourceChange(
                id: change.id, edit: .rename(before.id.name, from: before.digest, to: ManifestVersion(after)),
                reason: change.reason, fieldsText: fields)
        case (let before?, let after?):
            return ResourceChange(
                id: change.id, edit: .update(from: before.digest, to: ManifestVersion(after)), reason: change.reason,
                fieldsText: fields)
        case (let before?, nil):
            return ResourceChange(
                id: change.id, edit: .delete(from: before.digest), reason: change.reason, fieldsText: fields)
        case (nil, nil):
            return nil
        }
    }

    /// When new and changed schedules fire next. A zone that cannot be read is told of where the schedule is run.
    private func upcoming(_ cursors: [ScheduleCursor], _ plan: Plan) -> [String: UpcomingInstant] {
        let instants = Dictionary(cursors.map { ($0.trigger, $0.instant) }) { first, _ in first }
        var upcoming: [String: UpcomingInstant] = [:]
        for change in plan.changes where change.id.kind == .trigger {
            guard let instant = instants[change.id.name], let schedule = change.after?.schedule,
                let zone = try? zones.zone(named: schedule.timeZone.identifier)
            else { continue }
            upcoming[change.id.name] = UpcomingInstant(of: schedule.cron, in: zone, after: instant)
        }
        return upcoming
    }

    /// A new or changed schedule counts from now; one that is as it was keeps its place, whatever else of its trigger
    /// changed (DESIGN.md rule 6).
    private func scheduleChanges(_ plan: Plan, _ now: Instant) -> (set: [ScheduleCursor], removed: [String]) {
        var set: [ScheduleCursor] = []
        var removed: [String] = []
        for change in plan.changes where change.id.kind == .trigger {
            let before = change.before?.schedule
            let after = change.after?.schedule
            if let timing = after?.timingDigest, before?.timingDigest != timing {
                set.append(ScheduleCursor(trigger: change.id.name, instant: now, specDigest: timing))
            } else if before != nil, after == nil {
                removed.append(change.id.name)
            }
        }
        return (set, removed)
    }
}
