import Spec
import State
import Synchronization
import Values

/// One applied revision, ready to be used.
package struct RevisionInForce: Sendable {
    package let revision: Revision
    /// Everything but triggers with schedules, of which there may be very many: `trigger(named:)` finds those.
    package let catalog: Catalog
    package let router: Router
    /// What operators hold resources to; the catalog has it in it.
    package let overrides: [Override]
    /// The last restoration before it was read: what was altered then may have been in it.
    let restoration: Int
    /// Without those that have schedules. Typed once, and not for each event. In order of their names.
    let triggers: [(name: String, spec: Trigger)]
    let triggersByName: [String: Trigger]
    private let agents: [String: AgentFacts]
    private let tools: [String: Tool.Limits]
    private let suspensions: [ResourceID: String]
    private let fields: [ResourceID: [Override]]
    /// What a name of an earlier revision stands for in this one.
    let names: CurrentNames
    /// See `identity(ofProvider:)`.
    let providers: [String: String]
    private let reader: StateReader

    init(
        _ state: AppliedState, _ revision: Revision, _ overrides: [Override], restoration: Int, _ reader: StateReader
    ) throws(StateError) {
        self.revision = revision
        names = try reader.currentNames()
        providers = try reader.identities(of: .provider, at: revision.number)
        self.restoration = restoration
        self.overrides = overrides
        self.reader = reader
        let fields = Dictionary(grouping: overrides, by: \.id)
        self.fields = fields
        catalog = Catalog(state.resources.map { Self.resource($0, fields) })
        suspensions = Dictionary(
            overrides.filter(\.isSuspension).map { ($0.id, "suspended by hand \($0.circumstances)") },
            uniquingKeysWith: { first, _ in first })
        triggers = catalog.all(Trigger.self)
        triggersByName = Dictionary(triggers.map { ($0.name, $0.spec) }) { first, _ in first }
        let suspended = suspensions.filter { $0.key.kind == .trigger }.map { ($0.key.name, $0.value) }
        router = Router(catalog, triggers: triggers, suspensions: Dictionary(suspended) { first, _ in first })
        agents = Dictionary(catalog.all(Agent.self).map { ($0.name, AgentFacts($0.spec)) }) { first, _ in first }
        tools = Dictionary(catalog.all(Tool.self).map { ($0.name, $0.spec.limits) }) { first, _ in first }
    }

    private static func resource(_ applied: AppliedResource, _ fields: [ResourceID: [Override]]) -> Resource {
        Resource(applied).overridden(by: fields[applied.id, default: []].map(\.field))
    }

    /// Any trigger of the revision; one with a schedule is read from the state.
    package func trigger(named name: String) throws(StateError) -> Trigger? {
        if let known = triggersByName[name] { return known }
        return try reader.resource(Trigger.id(name), at: revision.number).flatMap(trigger)
    }

    /// As operators hold it.
    func trigger(_ applied: AppliedResource) -> Trigger? { Self.resource(applied, fields).spec(as: Trigger.self) }

    package func contains(_ id: ResourceID) throws(StateError) -> Bool {
        if catalog.contains(id) { return true }
        guard id.kind == .trigger else { return false }
        return try reader.resource(id, at: revision.number) != nil
    }

    /// Names of all triggers, for who misspelt one.
    func triggerNames() throws(StateError) -> [String] {
        try triggers.map(\.name) + reader.scheduleCursors().keys
    }

    /// How many runs of an agent or a tool may go on at once, by the name that it has in this revision. One that is gone
    /// works off what it still has, one run at a time. Of one that was suspended by hand, nothing more begins: what is queued waits.
    package func concurrency(of target: RunTarget) -> Int {
        switch target {
        case .agent(let name): suspensions[Agent.id(name)] == nil ? agents[name]?.concurrency ?? 1 : 0
        case .tool(let name): suspensions[Tool.id(name)] == nil ? tools[name]?.concurrency.value ?? 1 : 0
        }
    }

    /// The provider that answers an agent.
    func provider(of agent: String) -> String? { agents[agent]?.provider }

    /// By which its calls are counted: the same in all revisions, whatever it is called there.
    package func identity(ofProvider name: String) -> String { providers[name] ?? name }

    /// How many runs of an agent or a tool may wait.
    func queueLimit(of target: RunTarget) -> Int? {
        switch target {
        case .agent(let name): agents[name]?.queue
        case .tool(let name): tools[name]?.queue.value
        }
    }

    /// Why the target of a trigger would refuse to run.
    func suspension(of target: RunTarget) -> String? {
        switch target {
        case .agent(let name):
            agents[name]?.isSuspended == true
                ? "agent \(name) is \(suspensions[Agent.id(name)] ?? "suspended")" : nil
        case .tool(let name):
            catalog.spec(Tool.self, named: name)?.suspend == true
                ? "tool \(name) is \(suspensions[Tool.id(name)] ?? "suspended")" : nil
        }
    }

    /// Why a trigger rests.
    func suspension(of trigger: String, _ spec: Trigger) -> String? {
        spec.suspend ? "the trigger is \(suspensions[Trigger.id(trigger)] ?? "suspended")" : nil
    }

    /// Whether another one says and holds the same.
    package func isSame(as other: RevisionInForce?) -> Bool {
        revision.number == other?.revision.number && overrides == other?.overrides && restoration == other?.restoration
    }

    /// Whether a channel answers whoever sent the event.
    func answers(_ channel: Reference<Channel>) -> Bool { catalog[channel]?.slackResponse != nil }

    /// Of the target's manifest.
    func digest(of target: RunTarget) -> Digest? {
        switch target {
        case .agent(let name): catalog[Agent.id(name)]?.digest
        case .tool(let name): catalog[Tool.id(name)]?.digest
        }
    }
}

/// What is asked of an agent for each event and each run.
private struct AgentFacts {
    let isSuspended: Bool
    let provider: String
    let concurrency: Int
    let queue: Int

    init(_ agent: Agent) {
        isSuspended = agent.suspend
        provider = agent.model.provider.name
        concurrency = agent.limits.concurrency.value
        queue = agent.limits.queue.value
    }
}

/// The catalogs of the revision in force and of those that running work began with. Level-triggered: it is never told
/// of a revision, it compares numbers.
package final class AppliedCatalog: Sendable {
    private struct Cache {
        var current: RevisionInForce?
        /// The epoch that was when it was last found to hold, and the time by which it was.
        var checked: (epoch: Int, at: Instant)?
        /// Newest use last.
        var past: [RevisionInForce] = []

        /// The current one, where nothing was written since that could make it another one, and no override has ended.
        func holds(_ epoch: Int, _ now: Instant) -> RevisionInForce? {
            guard let checked, checked.epoch == epoch, checked.at <= now, let current,
                current.overrides.allSatisfy({ $0.until.map { $0 > now } ?? true })
            else { return nil }
            return current
        }

        mutating func remember(_ revision: RevisionInForce) {
            past.removeAll { $0.revision.number == revision.revision.number }
            past.append(revision)
            if past.count > AppliedCatalog.pastLimit { past.removeFirst() }
        }
    }

    /// Revisions that running work may still need; others are read again.
    private static let pastLimit = 8

    private let reader: StateReader
    private let now: @Sendable () -> Instant
    private let cache = Mutex(Cache())

    /// - Parameter now: by which overrides end
    package init(_ reader: StateReader, now: @escaping @Sendable () -> Instant) {
        self.reader = reader
        self.now = now
    }

    /// The same without a look at the state: `nil` where that is needed.
    var ready: RevisionInForce? {
        guard let epoch = reader.epoch?.value else { return nil }
        let now = now()
        return cache.withLock { $0.holds(epoch, now) }
    }

    /// `nil` before the first revision.
    package func current() throws(StateError) -> RevisionInForce? {
        let now = now()
        // Before the state is read: what changes meanwhile is seen the next time.
        let epoch = reader.epoch?.value
        if let epoch, let known = cache.withLock({ $0.holds(epoch, now) }) { return known }
        guard let latest = try reader.latestRevision() else { return nil }
        let overrides = try reader.overrides(at: now)
        let restoration = try reader.lastRestoration()
        let known = cache.withLock { cache -> RevisionInForce? in
            guard let known = cache.current, known.revision.number == latest.number, known.overrides == overrides,
                known.restoration == restoration
            else { return nil }
            cache.checked = epoch.map { ($0, now) }
            return known
        }
        if let known { return known }
        let state = try reader.appliedStateWithoutSchedules()
        guard let revision = state.revision else { return nil }
        let read = try RevisionInForce(state, revision, overrides, restoration: restoration, reader)
        cache.withLock { cache in
            if let old = cache.current { cache.remember(old) }
            cache.current = read
            cache.checked = epoch.map { ($0, now) }
        }
        return read
    }

    /// What was in force at a revision, which is what a run that began then ends on (DESIGN.md rule 7), with what
    /// operators hold it to now.
    package func at(_ number: Int) throws(StateError) -> RevisionInForce? {
        // By the names of then: what was renamed since is held to the same.
        let overrides = try reader.overrides(at: now(), asOf: number)
        let restoration = try reader.lastRestoration()
        let known = cache.withLock { cache -> RevisionInForce? in
            ([cache.current].compactMap(\.self) + cache.past).first {
                $0.revision.number == number && $0.overrides == overrides && $0.restoration == restoration
            }
        }
        if let known { return known }
        guard let state = try reader.appliedStateWithoutTriggers(at: number), let revision = state.revision else {
            return nil
        }
        let read = try RevisionInForce(state, revision, overrides, restoration: restoration, reader)
        cache.withLock { $0.remember(read) }
        return read
    }
}
