import Apply
import Foundation
import Spec
import State
import TestSupport
import Testing
import Values

/// A state, and plans that are made for it from a repository in memory.
private struct Side {
    private let directory: TemporaryDirectory
    private let store: StateStore
    private let repository: MemoryRepository
    private let isFull: Bool

    init(_ repository: MemoryRepository, isFull: Bool) throws {
        self.repository = repository
        self.isFull = isFull
        directory = try TemporaryDirectory()
        store = try StateStore.open(
            at: directory.path("state.db"), command: "writ apply", now: ApplyFixture.start,
            identifiers: IdentifierGenerator(now: { 0 }, random: { 4 }))
    }

    /// What is shown of the plan, all of it; and the plan where the commit is valid.
    func plan(_ commit: String, at step: Int) throws -> (text: String, plan: Plan?) {
        let reader = CommitReader(repository.source(commit), state: store.reader, program: "this one")
        let now = Instant(seconds: ApplyFixture.start.seconds + Int64(step) * 60)
        do {
            switch try reader.read(commit, below: "", fully: isFull) {
            case .invalid(let diagnostics, let head):
                let json = Plan.rejected(commit: commit, basis: head.basis, asOf: now, diagnostics: diagnostics)
                return (json.canonicalText, nil)
            case .reading(let reading):
                var plan = ApplyFixture.planner.plan(
                    reading, asOf: now, brakes: Brakes(reading.head.settings?.brake, allowedDeletes: [1, 2, 3, 4, 5]))
                let tester = Backtester(of: plan, reading)
                let facts = RecordedFacts(backtest: Self.backtest(tester, now))
                plan.impact = Impact(of: plan, reading, zones: MemoryRepository.zones, recorded: facts)
                let texts = [
                    plan.json.canonicalText, PlanText.render(plan, color: false),
                    JSON.array(plan.refusals.map(\.json)).canonicalText,
                ]
                return (texts.joined(separator: "\n"), plan)
            }
        } catch let error as SourceError {
            return (error.description, nil)
        }
    }

    func apply(_ plan: Plan, at step: Int) throws {
        _ = try Applier(store, zones: MemoryRepository.zones).apply(
            plan, commit: plan.commit ?? "", branch: "main", actor: "ada",
            at: Instant(seconds: ApplyFixture.start.seconds + Int64(step) * 60))
        // What Writ records itself, nobody altered.
        try #require(try !store.reader.isSourceRecordAltered())
    }

    /// Events for every trigger and repository that there may be.
    private static func backtest(_ tester: Backtester, _ now: Instant) -> Backtest {
        var tester = tester
        for number in 1...40 {
            for endpoint in [
                EventFacts.Endpoint.trigger("trigger-\(number)"), .trigger("renamed-\(number)"),
                .repository("repository-\(number)"),
            ] {
                let payload: JSON = ["repository": ["full_name": .string("acme/r\(number)")]]
                tester.add(
                    event: "e\(number)",
                    EventFacts(endpoint: endpoint, name: "push", payload: payload, receivedAt: now))
            }
        }
        return tester.result
    }
}

@Suite struct IncrementalPlanTests {
    static let sequences = ProcessInfo.processInfo.environment["WRIT_SEQUENCES"].flatMap { Int($0) } ?? 200

    /// Random edits, one after the other: what is read from the difference alone must come to the plan that reading
    /// everything comes to, byte for byte, and so must what is recorded for the next one.
    @Test func `an incremental plan is the full plan, whatever was edited`() async throws {
        var counts = (valid: 0, invalid: 0, partial: 0, loads: 0)
        for seed in 1...UInt64(Self.sequences) {
            let repository = MemoryRepository()
            let incremental = try Side(repository, isFull: false)
            let full = try Side(repository, isFull: true)
            var random = RandomRepository(seed: seed)
            var settings: [UInt8]?
            var wasPartial = false
            for step in 0..<7 {
                // Other tests wait for the same threads.
                await Task.yield()
                if step > 0 { random.edit() }
                let snapshot = random.snapshot
                let commit = repository.commit(snapshot)
                let loads = repository.loads
                let one = try incremental.plan(commit, at: step)
                let wasLoaded = repository.loads != loads
                let other = try full.plan(commit, at: step)
                try #require(one.text == other.text, "seed \(seed), step \(step)")
                guard let plan = one.plan, let fullPlan = other.plan else {
                    counts.invalid += 1
                    continue
                }
                counts.partial += plan.isPartial ? 1 : 0
                // Only the first time and after other settings everything is read, and while something is broken.
                if step > 0, settings == snapshot.files["writ.yaml"], !random.listensToAny, !plan.isPartial,
                    !wasPartial
                {
                    try #require(!wasLoaded, "seed \(seed), step \(step) read everything")
                }
                counts.valid += 1
                counts.loads += wasLoaded ? 1 : 0
                guard plan.refusals.isEmpty else { continue }
                settings = snapshot.files["writ.yaml"]
                wasPartial = plan.isPartial
                try incremental.apply(plan, at: step)
                try full.apply(fullPlan, at: step)
            }
        }
        // Else the edits are not those that this is about.
        #expect(counts.valid > Self.sequences * 3, "\(counts)")
        #expect(counts.invalid > Self.sequences / 2, "\(counts)")
        #expect(counts.partial > Self.sequences / 8, "\(counts)")
    }
}
