import Spec
import State
import Values

/// Which instants of a skipped run that stands for several are to run.
package enum RetriedInstants: Sendable, Hashable {
    case unsaid
    case only(Set<Instant>)
    case all
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

    /// - Returns: the ids of what was queued: the run itself, or those of its instants
    package func retry(
        _ id: String, _ choice: RetriedInstants, repeatingEffects: Bool, actor: String, at now: Instant
    ) throws(StateError) -> [String] {
        guard let run = try store.reader.run(id) else { throw StateError(.notFound, "there is no run \(id)") }
        guard let span = InstantSpan(of: run) else {
            if case .only(let wanted) = choice, wanted != run.scheduledAt.map({ [$0] }) {
                let own = run.scheduledAt.map { "the instant \($0)" } ?? "no instant of a schedule"
                throw StateError(.conflict, "the run \(id) stands for \(own) alone: leave --instant out")
            }
            try store.perform(.retry, on: id, repeatingEffects: repeatingEffects, actor: actor, at: now)
            return [id]
        }
        let instants = try instants(of: run, span)
        let retried = try chosen(choice, of: instants, in: run)
        let rest = instants.split { retried.contains($0) }.compactMap { InstantSpan(Array($0)) }
        return try store.retry(
            PartedRun(run: id, instants: span, retried: instants.filter(retried.contains), rest: rest), actor: actor,
            at: now)
    }

    private func chosen(
        _ choice: RetriedInstants, of instants: [Instant], in run: Run
    ) throws(StateError) -> Set<Instant> {
        let what = "the run \(run.id) stands for \(instants.count) instants at which nothing ran"
        let beginning = instants.prefix(Self.listed).map(\.rfc3339).joined(separator: ", ")
        let list = instants.count > Self.listed ? beginning + " … \(instants.last?.rfc3339 ?? "")" : beginning
        let chosen: Set<Instant>
        switch choice {
        case .unsaid:
            throw StateError(
                .conflict, "\(what) (\(list)): say with --instant which of them is to run, or --all for each of them")
        case .only(let wanted):
            if let stranger = wanted.subtracting(instants).min() {
                throw StateError(.conflict, "\(what) (\(list)), and \(stranger.rfc3339) is none of them")
            }
            chosen = wanted
        case .all: chosen = Set(instants)
        }
        guard chosen.count <= ScheduleDecision.catchUpLimit else {
            throw StateError(
                .conflict,
                "\(what), and no more than \(ScheduleDecision.catchUpLimit) are retried at once: say with --instant which"
            )
        }
        return chosen
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
}
