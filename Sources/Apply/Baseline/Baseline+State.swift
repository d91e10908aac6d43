import Spec
import State
import Values

extension Baseline {
    /// Pages of the inbox that are looked through for events that came from outside.
    private static let pages = 200

    /// Nil before the first revision.
    ///
    /// - Parameters:
    ///   - events: how many recorded events are told of
    ///   - salt: random hex digits, other ones for each baseline
    package init?(_ reader: StateReader, at now: Instant, events: Int, salt: String) throws(StateError) {
        let applied = try reader.appliedState()
        guard let revision = applied.revision else { return nil }
        var inFlight: [String: Int] = [:]
        for resource in applied.resources where resource.id.kind == .trigger {
            let count = try reader.activeRuns(trigger: resource.id.name).count
            if count > 0 { inFlight[resource.id.name] = count }
        }
        self.init(
            asOf: now, revision: revision.number, commit: revision.commit,
            followed: applied.head.followed, directory: revision.directory, undoes: revision.undoes,
            settings: applied.settings ?? .standard,
            resources: applied.resources.map { resource in
                Entry(
                    id: resource.id, digest: resource.digest, place: resource.place,
                    isProtected: Resource(resource).isProtected)
            },
            cursors: try reader.scheduleCursors(), runsInFlight: inFlight,
            suspensions: try reader.overrides(at: now).filter(\.isSuspension).map { HandSuspension($0) }, salt: salt,
            recentEvents: try Self.events(reader, count: min(events, Self.eventLimit), ValueHash(salt: salt)))
    }

    /// The newest that came from outside: ticks and requests by hand are for one trigger whatever is declared.
    private static func events(
        _ reader: StateReader, count: Int, _ hash: ValueHash
    ) throws(StateError) -> [HashedEvent] {
        var found: [HashedEvent] = []
        var left = eventBytes
        var cursor: String?
        for _ in 0..<pages {
            let page = try reader.events(Page(limit: 500, before: cursor))
            for summary in page.items {
                guard found.count < count, left > 0 else { return found }
                guard let endpoint = endpoint(summary.currentEndpoint), let event = try reader.event(summary.id) else {
                    continue
                }
                let facts = EventFacts(
                    endpoint: endpoint, name: summary.name, payload: event.payload,
                    headers: (event.headers.object ?? [:]).compactMapValues(\.string), receivedAt: summary.receivedAt)
                let isSmall = summary.payloadSize <= payloadLimit
                let hashed = HashedEvent(facts, id: summary.id, hash: hash, keepsPayload: isSmall)
                left -= hashed.json.canonicalBytes.count
                if left > 0 { found.append(hashed) }
            }
            guard let next = page.next else { break }
            cursor = next
        }
        return found
    }

    /// As events record it: `trigger/on-push`, `repository/site`; nil for what did not come from outside.
    static func endpoint(_ text: String) -> EventFacts.Endpoint? {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let sort = parts.first, let name = parts.last else { return nil }
        switch sort {
        case "repository": return .repository(name)
        case "trigger": return .trigger(name)
        default: return nil
        }
    }
}
