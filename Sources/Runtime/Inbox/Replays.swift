import Spec
import State
import Values

/// Events that are taken in once more, by hand: with the triggers that are in force now.
package struct Replays: Sendable {
    private let store: StateStore
    private let catalogs: AppliedCatalog
    private let clock: any RuntimeClock

    /// The header in which a replayed event names the first one.
    package static let header = "writ-replay-of"

    package init(store: StateStore, catalogs: AppliedCatalog, clock: any RuntimeClock) {
        self.store = store
        self.catalogs = catalogs
        self.clock = clock
    }

    /// Stores the event anew, with the runs that it starts, in one transaction.
    ///
    /// - Parameter trigger: the only one that hears of it, whether or not it would have matched; nil for all that do
    /// - Returns: the new event's id and those of its runs
    package func replay(_ id: String, to trigger: String?) throws(RuntimeError) -> (event: String, runs: [String]) {
        do {
            guard let event = try store.reader.event(id) else {
                throw RuntimeError(.notFound, "there is no event \(quoted(id)): see `writ events`")
            }
            guard let revision = try catalogs.current() else {
                throw RuntimeError(.nothingApplied, "no configuration has been applied yet")
            }
            let now = clock.now()
            let decisions = try decisions(on: event, to: trigger, revision, now)
            let runs = decisions.filter(\.runs).compactMap {
                revision.run(of: $0.trigger, $0.spec, notBefore: now)
            }
            var headers = event.headers.object ?? [:]
            headers[Self.header] = .string(id)
            let accepted = try store.accept(
                NewEvent(
                    endpoint: event.summary.currentEndpoint, name: event.summary.name, source: event.summary.source,
                    payload: event.payload, headers: .object(headers), receivedAt: now,
                    bodyDigest: event.summary.bodyDigest, decisions: .array(decisions.map(\.json))),
                runs: runs)
            switch accepted {
            case .accepted(let event, let runs): return (event, runs)
            case .duplicate(let event, _): return (event, [])
            }
        } catch let error as StateError {
            throw RuntimeError(error)
        } catch let error as RuntimeError {
            throw error
        } catch {
            throw RuntimeError(.state(.other), "\(error)")
        }
    }

    private func decisions(
        on event: Event, to trigger: String?, _ revision: RevisionInForce, _ now: Instant
    ) throws(RuntimeError) -> [RoutingDecision] {
        guard let trigger else {
            let facts = event.facts(receivedAt: now)
            if event.summary.endpoint == Reactions.endpoint {
                do {
                    let agent = try event.payload["agent"]?.string.map { name throws(StateError) in
                        try store.reader.currentName(of: Agent.id(name))
                    }
                    return revision.router.reactions(to: facts, agent: agent)
                } catch {
                    throw RuntimeError(error)
                }
            }
            guard event.summary.endpoint.contains("/") else {
                throw RuntimeError(
                    .badRequest, "the event \(event.summary.id) was for one trigger alone: say which with --to")
            }
            return revision.router.decisions(for: facts)
        }
        let spec: Trigger?
        let names: [String]
        do {
            spec = try revision.trigger(named: trigger)
            names = try spec == nil ? revision.triggerNames() : []
        } catch {
            throw RuntimeError(error)
        }
        guard let spec else {
            let near = nearestName(to: trigger, among: names)
            throw RuntimeError(
                .notFound, "there is no trigger \(quoted(trigger))" + (near.map { ": did you mean `\($0)`?" } ?? ""))
        }
        if spec.suspend { throw RuntimeError(.suspended, "the trigger \(trigger) is suspended") }
        return [RoutingDecision(trigger: trigger, spec: spec, outcome: .run)]
    }
}
