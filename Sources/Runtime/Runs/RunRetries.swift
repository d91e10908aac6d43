import Spec
import State
import Values

/// Which instants of a skipped run that stands for several are to run.
package enum RetriedInstants: Sendable, Hashable {
    case unsaid
    case only(Set<Instant>)
    case all
}

/// What was queued again.
package struct RetriedRuns: Sendable, Hashable {
    /// The run itself, or those of its instants.
    package let runs: [OperatedRun]
    /// Of all instants, those that were too many for one time.
    package let left: Int

    package init(_ runs: [OperatedRun], left: Int = 0) {
        self.runs = runs
        self.left = left
    }
}

/// Runs that are queued again by hand, and instants of those that stand for several.
package struct RunRetries: Sendable {
    private let store: StateStore
    private let zones: ZoneDatabase

    /// Instants that an error lists.
    private static let listed = 5

    package init(store: StateStore, zones: ZoneDatabase) {
        self.store = store
        self.zones = zones
    }

    package func retry(
        _ id: String, _ choice: RetriedInstants, repeatingEffects: Bool, actor: String, at now: Instant
    ) throws(StateError) -> RetriedRuns {
        guard let run = try store.reader.run(id) else { throw StateError(.notFound, "there is no run \(id)") }
        let row = try InstantSpan(of: run).map { span throws(StateError) in
            MissedRow(run: run, span: span, instants: try instants(of: run, span))
        }
        switch choice {
        case .only(let wanted) where row != nil || wanted != run.scheduledAt.map { [$0] }:
            let parted = try find(wanted, row, run)
            let queued = try store.retry(parted, actor: actor, at: now)
            return RetriedRuns(queued.sorted { $0.scheduledAt ?? now < $1.scheduledAt ?? now })
        case .unsaid, .only, .all:
            guard let row else {
                try store.perform(.retry, on: id, repeatingEffects: repeatingEffects, actor: actor, at: now)
                return RetriedRuns([OperatedRun(id, scheduledAt: run.scheduledAt)])
            }
            guard choice == .all else {
                throw StateError(
                    .conflict, "\(row.words): say with --instant which of them is to run, or --all for each of them")
            }
            // The oldest, as catching up goes from those to what is newer.
            let chosen = Set(row.instants.prefix(ScheduleDecision.catchUpLimit))
            return RetriedRuns(
                try store.retry([row.parted(chosen)], actor: actor, at: now), left: row.instants.count - chosen.count)
        }
    }

    /// Instants in the row that was named, and in other rows of its trigger: what was one row once became several with each
    /// instant that was retried.
    private func find(
        _ wanted: Set<Instant>, _ row: MissedRow?, _ run: Run
    ) throws(StateError) -> [PartedRun] {
        let limit = ScheduleDecision.catchUpLimit
        guard wanted.count <= limit else {
            throw StateError(.conflict, "no more than \(limit) instants are retried at once: name fewer with --instant")
        }
        var rows = row.map { [$0] } ?? []
        for instant in wanted.sorted() where !rows.contains(where: { $0.instants.contains(instant) }) {
            rows.append(try other(with: instant, than: row, run))
        }
        return rows.filter { !wanted.isDisjoint(with: $0.instants) }.map { $0.parted(wanted) }
    }

    private func other(with instant: Instant, than row: MissedRow?, _ run: Run) throws(StateError) -> MissedRow {
        guard let name = run.trigger, let own = run.scheduledAt else {
            throw StateError(.conflict, "the run \(run.id) stands for no instant of a schedule: leave --instant out")
        }
        let trigger = try store.reader.currentNames().name(of: Trigger.id(name), at: run.revision)
        let recorded = try store.reader.recordedInstants(
            of: trigger, after: instant.advanced(by: .milliseconds(-1)), through: instant)
        for skip in recorded.skipped {
            guard let other = try store.reader.run(skip.run) else { continue }
            let instants = skip.instants.count > 1 ? try instants(of: other, skip.instants) : [skip.instants.last]
            if instants.contains(instant) { return MissedRow(run: other, span: skip.instants, instants: instants) }
        }
        let words = row?.words ?? "the run \(run.id) stands for the instant \(own.rfc3339)"
        let what = row == nil ? "\(instant.rfc3339) is another one" : "\(instant.rfc3339) is none of them"
        let why =
            recorded.ran.contains(instant)
            ? "there is a run for it already: see `writ runs --trigger \(trigger)`"
            : "no skipped run of its trigger stands for it: see `writ runs --trigger \(trigger) --state skipped`"
        throw StateError(.conflict, "\(words), and \(what); \(why)")
    }

    /// They are not recorded one by one: the schedule of then tells them.
    private func instants(of run: Run, _ span: InstantSpan) throws(StateError) -> [Instant] {
        if let trigger = run.trigger,
            let applied = try store.reader.resource(Trigger.id(trigger), at: run.revision),
            let schedule = Resource(
                id: applied.id, manifest: applied.manifest, digest: applied.digest, place: applied.place
            ).spec(as: Trigger.self)?.schedule,
            let zone = try? zones.zone(named: schedule.timeZone.identifier),
            let instants = schedule.cron.instants(of: span, in: zone)
        {
            return instants
        }
        throw StateError(
            .conflict,
            "the run \(run.id) stands for \(span.count) instants from \(span.first.rfc3339) to \(span.last.rfc3339), and which"
                + " those are between cannot be told any more: to do now what one of them would have done,"
                + " `writ run trigger/NAME`")
    }

    /// A skipped run and what it stands for.
    private struct MissedRow {
        let run: Run
        let span: InstantSpan
        let instants: [Instant]

        var words: String {
            let beginning = instants.prefix(RunRetries.listed).map(\.rfc3339).joined(separator: ", ")
            let list =
                instants.count > RunRetries.listed ? beginning + " … \(instants.last?.rfc3339 ?? "")" : beginning
            return "the run \(run.id) stands for \(instants.count) instants at which nothing ran (\(list))"
        }

        func parted(_ wanted: Set<Instant>) -> PartedRun {
            PartedRun(
                run: run.id, instants: span, retried: instants.filter(wanted.contains),
                rest: instants.split { wanted.contains($0) }.compactMap { InstantSpan(Array($0)) })
        }
    }
}
