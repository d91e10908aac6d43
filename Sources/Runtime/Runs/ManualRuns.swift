import Spec
import State
import Values

/// Runs that somebody asks for by hand: `writ run`, the control socket.
package struct ManualRuns: Sendable {
    package enum Target: Sendable, Hashable {
        case agent(String)
        case trigger(String)
        case tool(String)
    }

    static let eventName = "manual"

    private let store: StateStore
    private let catalogs: AppliedCatalog
    private let clock: any RuntimeClock

    package init(store: StateStore, catalogs: AppliedCatalog, clock: any RuntimeClock) {
        self.store = store
        self.catalogs = catalogs
        self.clock = clock
    }

    /// Reads `agent/x`, `trigger/x` or `tool/x`, kinds in any case and number; of a bare name, the agent comes before
    /// the trigger and that before the tool.
    package func target(_ text: String) throws(RuntimeError) -> Target {
        let revision = try current()
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.last.map(String.init) ?? ""
        let kinds: [(words: [String], id: ResourceID, target: Target)] = [
            (["agent", "agents"], Agent.id(name), .agent(name)),
            (["trigger", "triggers"], Trigger.id(name), .trigger(name)),
            (["tool", "tools"], Tool.id(name), .tool(name)),
        ]
        let word = parts.count == 2 ? parts[0].lowercased() : nil
        if let word, !kinds.contains(where: { $0.words.contains(word) }) {
            throw RuntimeError(
                .badRequest, "only agents, triggers and tools run: write agent/NAME, trigger/NAME or tool/NAME")
        }
        let known: [String]
        do {
            for kind in kinds where word.map({ kind.words.contains($0) }) ?? true {
                if try revision.contains(kind.id) { return kind.target }
            }
            known =
                try revision.catalog.names(of: .agent) + revision.triggerNames()
                + revision.catalog.names(of: .tool)
        } catch {
            throw RuntimeError(error)
        }
        let hint = nearestName(to: name, among: known).map { ": did you mean `\($0)`?" } ?? ""
        throw RuntimeError(
            .notFound, "revision \(revision.revision.number) has no agent, trigger or tool \(quoted(text))\(hint)")
    }

    /// Stores the request as an event and queues its run. Returns the run's id.
    ///
    /// - Parameter input: what the agent is told, or the payload of the trigger's event
    package func enqueue(_ target: Target, input: JSON?) throws(RuntimeError) -> String {
        let now = clock.now()
        let run = try newRun(target, input: input, now)
        let event = Self.event(input: input, now)
        let acceptance: Acceptance
        do {
            acceptance = try store.accept(event, runs: [run])
        } catch {
            throw RuntimeError(error)
        }
        guard case .accepted(_, let runs) = acceptance, let id = runs.first else {
            throw RuntimeError(.state(.conflict), "the run was not queued: this is a bug in writ")
        }
        return id
    }

    /// The request as it is recorded.
    package static func event(input: JSON?, _ now: Instant) -> NewEvent {
        NewEvent(
            endpoint: eventName, name: eventName, source: eventName, payload: input ?? .null, receivedAt: now)
    }

    /// Returns the run when it has ended, or needs somebody's approval to go on. Throws if the task is cancelled or the
    /// state is closed before that.
    package func wait(for id: String) async throws(RuntimeError) -> Run {
        // Before the first look, so that no change is missed.
        let changes = store.changes()
        if let run = try ended(id) { return run }
        for await _ in changes {
            if let run = try ended(id) { return run }
        }
        throw RuntimeError(.interrupted, "writ serve is stopping; the run goes on: see `writ runs \(id)`")
    }

    private func ended(_ id: String) throws(RuntimeError) -> Run? {
        let run: Run?
        do {
            run = try store.reader.run(id)
        } catch {
            throw RuntimeError(error)
        }
        guard let run else { throw RuntimeError(.notFound, "there is no run \(quoted(id))") }
        return run.state.isActive && run.state != .awaitingApproval ? nil : run
    }

    /// The run as it is to be queued, or to be started at once where no server runs.
    package func newRun(_ target: Target, input: JSON?, _ now: Instant) throws(RuntimeError) -> NewRun {
        let revision = try current()
        let number = revision.revision.number
        switch target {
        case .agent(let name):
            guard let agent = revision.catalog.spec(Agent.self, named: name) else { throw missing("agent", name) }
            let runTarget = RunTarget.agent(name)
            if agent.suspend { throw suspended(runTarget, revision) }
            return NewRun(
                target: runTarget, revision: number, manifestDigest: revision.digest(of: runTarget), notBefore: now,
                input: input)
        case .tool(let name):
            guard let tool = revision.catalog.spec(Tool.self, named: name) else { throw missing("tool", name) }
            let runTarget = RunTarget.tool(name)
            if tool.suspend { throw suspended(runTarget, revision) }
            return NewRun(
                target: runTarget, revision: number, manifestDigest: revision.digest(of: runTarget), notBefore: now,
                input: input)
        case .trigger(let name):
            let spec: Trigger?
            do {
                spec = try revision.trigger(named: name)
            } catch {
                throw RuntimeError(error)
            }
            guard let spec, let run = revision.run(of: name, spec, notBefore: now) else {
                throw missing("trigger", name)
            }
            if let reason = run.skipReason { throw RuntimeError(.suspended, reason) }
            return run
        }
    }

    private func suspended(_ target: RunTarget, _ revision: RevisionInForce) -> RuntimeError {
        RuntimeError(.suspended, revision.suspension(of: target) ?? "it is suspended")
    }

    private func missing(_ kind: String, _ name: String) -> RuntimeError {
        RuntimeError(.notFound, "there is no \(kind) \(quoted(name)) in the revision in force")
    }

    private func current() throws(RuntimeError) -> RevisionInForce {
        let revision: RevisionInForce?
        do {
            revision = try catalogs.current()
        } catch {
            throw RuntimeError(error)
        }
        guard let revision else {
            throw RuntimeError(.nothingApplied, "no revision was applied yet: run `writ apply` first")
        }
        return revision
    }
}
