import Runtime
import State
import TestSupport
import Testing
import Values

/// A trigger is renamed, to a name that was another's, while it catches up.
@Suite(.timeLimit(.minutes(1))) struct RenamedScheduleTests {
    private static func trigger(_ name: String, _ schedule: String, from former: String? = nil) -> String {
        RuntimeFixture.trigger(name, "schedule: {cron: '0 * * * *', catchUpWindow: 1d, \(schedule)}")
            .replacing("{name: \(name)}", with: "{name: \(name)\(former.map { ", renamedFrom: \($0)" } ?? "")}")
    }

    private func scheduler(_ fixture: RuntimeFixture) -> Scheduler {
        Scheduler(
            store: fixture.store, catalogs: fixture.catalogs, zones: RuntimeFixture.zones, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
    }

    /// Instants and states of the runs of a trigger, under whatever name, in the order of the instants.
    private func instants(of trigger: String, _ fixture: RuntimeFixture) throws -> [String] {
        try fixture.runs(RunFilter(trigger: trigger))
            .compactMap { run in run.scheduledAt.map { "\($0.rfc3339.dropFirst(11).prefix(5)) \(run.state)" } }
            .sorted()
    }

    @Test func `It runs at the instants at which the former owner of its name ran, too`() async throws {
        let alpha = "concurrencyPolicy: Forbid, catchUp: all"
        let both = RuntimeFixture.manifests(
            Self.trigger("alpha", alpha), Self.trigger("gamma", "concurrencyPolicy: Allow, catchUp: all"))
        let fixture = try RuntimeFixture(restarting: try RuntimeFixture(both), now: .at("03:30:00"))
        try await running(scheduler(fixture)) { _ in
            // Alpha waits with the others for the end of its first run.
            try await waitUntil("gamma ran") { try fixture.runs(RunFilter(trigger: "gamma")).count == 3 }
            try await waitUntil("alpha began") { try fixture.runs(RunFilter(trigger: "alpha")).count == 1 }
            try fixture.apply(RuntimeFixture.manifests(Self.trigger("alpha", alpha)))
            try fixture.apply(RuntimeFixture.manifests(Self.trigger("gamma", alpha, from: "alpha")))
            for count in 1...3 {
                try await waitUntil("run \(count)") { try instants(of: "gamma", fixture).count == count }
                let run = try #require(try fixture.reader.activeRuns(trigger: "gamma").first)
                try fixture.store.cancel(run: run.id, reason: "done", at: fixture.clock.now())
            }
            try await waitUntil("nothing is left") { fixture.clock.deadlines == [.at("04:00:00")] }
        }
        #expect(try instants(of: "gamma", fixture) == ["01:00 cancelled", "02:00 cancelled", "03:00 cancelled"])
        #expect(try fixture.runs(.queued).compactMap(\.scheduledAt) == (1...3).map { .at("0\($0):00:00") })
    }

    @Test func `What it does not run has its row beside that of the former owner`() async throws {
        let suspended = "catchUp: all}\nsuspend: true #"
        let both = RuntimeFixture.manifests(
            Self.trigger("alpha", "catchUp: latest"), Self.trigger("gamma", suspended))
        let before = try RuntimeFixture(both)
        // Gamma alone comes to the hour that alpha will have missed.
        let record = try #require(try before.reader.scheduleCursors()["gamma"])
        let row = SkippedInstants(instant: .at("01:00:00"), reason: "suspended", target: .agent("brief"), revision: 1)
        _ = try before.store.fire(
            ScheduleFiring(cursor: record, next: .at("01:00:00"), skipped: [row], at: .at("01:00:00")))
        try before.apply(RuntimeFixture.manifests(Self.trigger("alpha", "catchUp: latest")))
        try before.apply(RuntimeFixture.manifests(Self.trigger("gamma", "catchUp: latest", from: "alpha")))
        let fixture = try RuntimeFixture(restarting: before, now: .at("02:30:00"))
        try await running(scheduler(fixture)) { _ in
            try await waitUntil("decided") { fixture.clock.deadlines == [.at("03:00:00")] }
        }
        #expect(try instants(of: "gamma", fixture) == ["01:00 skipped", "02:00 queued"])
        #expect(try fixture.runs(.skipped).map(\.scheduledAt) == [.at("01:00:00"), .at("01:00:00")])
    }
}
