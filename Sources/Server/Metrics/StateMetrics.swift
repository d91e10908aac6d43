import Spec
import State
import Values

/// What the recorded state says in numbers.
struct StateMetrics: Sendable {
    let source: StateSource
    let version: String

    func families() throws(StateError) -> [MetricFamily] {
        let overview = try source.overview()
        let totals = try source.reader.totals()
        return [
            MetricFamily(
                "writ_build_info", .gauge, "The version that runs; always 1.",
                [MetricFamily.Sample(1, [MetricFamily.Label("version", version)])])
        ] + configuration(overview) + work(overview, totals) + registrations(overview) + (try storage())
            + cleanups(overview)
    }

    private func configuration(_ overview: Overview) -> [MetricFamily] {
        let revision = overview.revision
        let observation = overview.observation
        return [
            MetricFamily(
                "writ_revision_info", .gauge, "The commit of the revision in force; always 1.",
                revision.map { [MetricFamily.Sample(1, [MetricFamily.Label("commit", $0.commit)])] } ?? []),
            MetricFamily(
                "writ_revision", .gauge, "The number of the revision in force.", revision.map { Double($0.number) }),
            MetricFamily(
                "writ_revision_applied_timestamp_seconds", .gauge, "When the revision in force was applied.",
                revision.map { Self.seconds($0.createdAt) }),
            MetricFamily(
                "writ_last_reconcile_timestamp_seconds", .gauge, "When the repository was last looked at.",
                observation.map { Self.seconds($0.lastAt) }),
            MetricFamily(
                "writ_last_reconcile_outcome", .gauge, "What came of the last look at the repository: 1 for that.",
                observation.map { Self.states(Observation.Outcome.allCases, [$0.outcome: 1], "outcome") } ?? []),
            MetricFamily(
                "writ_resources", .gauge, "Resources in force.",
                overview.counts.map { MetricFamily.Sample(Double($0.count), [MetricFamily.Label("kind", $0.kind)]) }),
            MetricFamily(
                "writ_drift_resources", .gauge,
                "Recorded resources that were altered behind writ's back, and the settings.",
                Double(overview.drifted.count)),
            MetricFamily(
                "writ_overrides", .gauge, "Fields that operators hold to other values by hand.",
                Self.byKind(overview.overrides.map(\.id.kind))),
            MetricFamily(
                "writ_suspended_by_hand", .gauge, "Resources that operators suspended by hand.",
                Self.byKind(overview.overrides.filter(\.isSuspension).map(\.id.kind))),
            MetricFamily(
                "writ_stale_resources", .gauge, "Resources that keep their last good version.",
                Double(overview.stale.count)),
            MetricFamily(
                "writ_alarm", .gauge, "What somebody has to look after at the machine: 1 while it goes on.",
                Alarm.Name.allCases.map { name in
                    let isOn =
                        name == .diskFull
                        ? overview.isDiskFull : overview.alarms.contains { $0.name == name && $0.endedAt == nil }
                    return MetricFamily.Sample(isOn ? 1 : 0, [MetricFamily.Label("name", name.rawValue)])
                }),
            MetricFamily(
                "writ_deleted_resources", .gauge, "Deleted resources that are not purged yet.",
                Double(overview.deleted.count)),
        ]
    }

    private func work(_ overview: Overview, _ totals: RecordedTotals) -> [MetricFamily] {
        let due = overview.queue.oldestDueAt.map { max(0, Self.seconds(overview.at) - Self.seconds($0)) }
        return [
            MetricFamily("writ_events_total", .counter, "Events that were accepted.", Double(totals.events)),
            MetricFamily(
                "writ_runs", .gauge, "Recorded runs by their state.",
                Self.states(RunState.allCases, overview.queue.runs, "state")),
            MetricFamily(
                "writ_deliveries", .gauge, "Recorded deliveries by their state.",
                Self.states(DeliveryState.allCases, overview.queue.deliveries, "state")),
            MetricFamily(
                "writ_queue_oldest_due_age_seconds", .gauge, "How long the longest waiting run has been due.", due ?? 0),
            MetricFamily(
                "writ_tokens_total", .counter, "Tokens that recorded runs used.",
                totals.tokens.flatMap { agent, used in
                    [("input", used.input), ("output", used.output)].map { direction, count in
                        MetricFamily.Sample(
                            Double(count),
                            [MetricFamily.Label("agent", agent), MetricFamily.Label("direction", direction)])
                    }
                }),
        ]
    }

    private func registrations(_ overview: Overview) -> [MetricFamily] {
        var standings: [Registration.Standing: Int] = [:]
        var missed: [MissedDelivery.State: Int] = [:]
        for state in overview.registrations {
            standings[state.registration.standing, default: 0] += 1
            for (sort, count) in state.missed.counts { missed[sort, default: 0] += count }
        }
        return [
            MetricFamily(
                "writ_webhook_registrations", .gauge, "Webhooks kept at their senders, by how they stand.",
                Self.states(Registration.Standing.allCases, standings, "state")),
            MetricFamily(
                "writ_missed_deliveries", .gauge,
                "What senders could not deliver in the last 30 days, by what became of it.",
                Self.states(MissedDelivery.State.allCases, missed, "state")),
        ]
    }

    private func cleanups(_ overview: Overview) -> [MetricFamily] {
        func labels(_ record: CleanupRecord) -> [MetricFamily.Label] {
            [MetricFamily.Label("part", record.part.rawValue)]
        }
        return [
            MetricFamily(
                "writ_retention_removed_total", .counter, "Old rows that were removed.",
                overview.cleanups.map { MetricFamily.Sample(Double($0.removed), labels($0)) }),
            MetricFamily(
                "writ_retention_last_pass_timestamp_seconds", .gauge, "When all of a part was last gone through.",
                overview.cleanups.compactMap { record in
                    record.finishedAt.map { MetricFamily.Sample(Self.seconds($0), labels(record)) }
                }),
        ]
    }

    private func storage() throws(StateError) -> [MetricFamily] {
        let sizes = source.reader.sizes
        return [
            MetricFamily("writ_state_bytes", .gauge, "Size of the state's file.", Double(sizes.file)),
            MetricFamily("writ_state_wal_bytes", .gauge, "Size of the state's write-ahead log.", Double(sizes.log)),
            MetricFamily(
                "writ_state_free_bytes", .gauge, "Free pages of the state's file.",
                Double(try source.reader.freeBytes())),
        ]
    }

    private static func states<Value: RawRepresentable & Hashable>(
        _ all: [Value], _ counts: [Value: Int], _ label: String
    ) -> [MetricFamily.Sample] where Value.RawValue == String {
        all.map { MetricFamily.Sample(Double(counts[$0] ?? 0), [MetricFamily.Label(label, $0.rawValue)]) }
    }

    /// A sample for each kind, so that a series that falls to nothing says 0.
    private static func byKind(_ kinds: [KindName]) -> [MetricFamily.Sample] {
        KindCatalog.all.map { kind in
            MetricFamily.Sample(
                Double(kinds.count { $0 == kind.kindName }), [MetricFamily.Label("kind", kind.kindName.rawValue)])
        }
    }

    private static func seconds(_ instant: Instant) -> Double { Double(instant.milliseconds) / 1_000 }
}
