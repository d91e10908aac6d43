import Logging
import ServiceLifecycle
import Spec
import State
import Values

/// Starts what listens to writ itself: runs that ended, revisions, changed resources, refused commits.
///
/// What happened is recorded by the transaction in which it did, and forgotten by the one that stores what came of it:
/// a crash in between loses and doubles nothing. A chain of reactions ends after a number of links, and no trigger
/// reacts more often than a rate.
package struct Reactions: Service {
    private let store: StateStore
    private let catalogs: AppliedCatalog
    private let clock: any RuntimeClock
    private let logger: Logger

    /// Reactions to runs of reactions.
    package static let depthLimit = 5
    /// The header that counts them.
    package static let depthHeader = "writ-depth"
    /// What events of writ's own come in by.
    static let endpoint = "writ"
    private static let batch = 50
    private static let changes = 1_000
    private static let pause = Duration.seconds(5)

    package init(store: StateStore, catalogs: AppliedCatalog, clock: any RuntimeClock, logger: Logger) {
        self.store = store
        self.catalogs = catalogs
        self.clock = clock
        self.logger = logger
    }

    /// Runs until the service is told to shut down, the task is cancelled, or the state is of no more use.
    package func run() async throws {
        try await cancelWhenGracefulShutdown { try await self.loop() }
    }

    private func loop() async throws {
        var rate = ReactionRate()
        try await store.lookAgain(clock) {
            do {
                while try !Task.isCancelled && settle(&rate) { await Task.yield() }
                return nil
            } catch let error as StateError where error.isTransient {
                logger.warning("what happened has to wait: \(error)")
                return clock.now().advanced(by: Self.pause)
            }
        }
    }

    /// Deals with the next happenings. False where there are none.
    ///
    /// - Parameter rate: counts those whose runs are stored
    private func settle(_ rate: inout ReactionRate) throws(StateError) -> Bool {
        let happenings = try store.reader.happenings(limit: Self.batch, changes: Self.changes)
        guard let last = happenings.last, let revision = try catalogs.current() else { return false }
        let names = try store.reader.currentNames()
        var counted = rate
        var events: [(event: NewEvent, runs: [NewRun])] = []
        for case let subject? in happenings.map(\.subject) {
            let depth = try depth(of: subject)
            let all = ReactionFacts.all(subject) { id, number in
                names.name(of: id, at: number, by: revision.revision.number)
            }
            for facts in all {
                if let event = try reaction(to: facts, depth: depth, revision, &counted) { events.append(event) }
            }
        }
        let runs = try store.settle(through: last.seq, events)
        rate = counted
        for (event, _) in events {
            logger.info("something happened that is listened to", metadata: ["name": "\(event.name)"])
        }
        if !runs.isEmpty { logger.info("reactions were queued", metadata: ["runs": .array(runs.map { "\($0)" })]) }
        return true
    }

    /// Nil where nobody listens.
    private func reaction(
        to facts: ReactionFacts, depth: Int, _ revision: RevisionInForce, _ rate: inout ReactionRate
    ) throws(StateError) -> (event: NewEvent, runs: [NewRun])? {
        let now = clock.now()
        let headers = [Self.depthHeader: String(depth)]
        let event = EventFacts(
            endpoint: .trigger(""), name: facts.name, payload: facts.payload, headers: headers, receivedAt: now)
        var decisions: [RoutingDecision] = []
        for decision in revision.router.reactions(to: event, agent: facts.agent) {
            decisions.append(decision.runs ? try guarded(decision, depth, now, &rate) : decision)
        }
        guard !decisions.isEmpty else { return nil }
        return (
            NewEvent(
                endpoint: Self.endpoint, name: facts.name, source: "writ", payload: facts.payload,
                headers: .object(JSONMembers(headers, JSON.string)), receivedAt: now,
                decisions: .array(decisions.map(\.json))),
            decisions.filter(\.runs).compactMap { revision.run(of: $0.trigger, $0.spec, notBefore: now) }
        )
    }

    /// Two agents that answer each other's ends would go on for ever.
    private func guarded(
        _ decision: RoutingDecision, _ depth: Int, _ now: Instant, _ rate: inout ReactionRate
    ) throws(StateError) -> RoutingDecision {
        let trigger = decision.trigger
        let isAllowed = { (rate: inout ReactionRate) throws(StateError) in
            try rate.allows(trigger, at: now) { () throws(StateError) in
                try store.reader.reactions(
                    of: trigger, since: now.advanced(by: .zero - ReactionRate.minute), limit: ReactionRate.perMinute)
            }
        }
        let reason: String
        if depth > Self.depthLimit {
            reason = "a chain of more than \(Self.depthLimit) reactions ends here"
        } else if try !isAllowed(&rate) {
            reason = "the trigger reacts no more than \(ReactionRate.perMinute) times a minute"
        } else {
            return decision
        }
        logger.warning("\(reason)", metadata: ["trigger": "\(decision.trigger)"])
        return RoutingDecision(trigger: decision.trigger, spec: decision.spec, outcome: .pass(reason: reason))
    }

    /// 1 for what was caused from outside, one more for each reaction in between.
    private func depth(of subject: Happening.Subject) throws(StateError) -> Int {
        // A header of the same name from outside says nothing.
        guard case .run(let run) = subject, let id = run.event, let event = try store.reader.event(id),
            event.summary.endpoint == Self.endpoint,
            let depth = event.headers[Self.depthHeader]?.string.flatMap({ Int($0) }), depth < .max
        else { return 1 }
        return depth + 1
    }
}
