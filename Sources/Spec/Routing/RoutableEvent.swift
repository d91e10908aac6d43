import Values

/// What the router asks of an event: one whose values are known answers all of it, one whose values are hashed not
/// always.
package protocol RoutableEvent: Sendable {
    /// Where it came in.
    var endpoint: EventFacts.Endpoint { get }
    /// `pull_request.opened`
    var name: String { get }
    var receivedAt: Instant { get }

    /// Whether the payload says that it is of the repository with this lower-case `owner/name`.
    func isOf(repository fullName: String) -> Bool

    func verdict(on conditions: [Trigger.Condition], trigger: String, agent: String?) -> MatchVerdict

    /// The same event, had it come in elsewhere.
    func moved(to endpoint: EventFacts.Endpoint) -> Self
}

/// Whether all of some conditions hold.
package enum MatchVerdict: Sendable, Hashable {
    case holds
    /// The first that does not.
    case fails(Trigger.Condition)
    /// None fails, as far as that can be told; the first of which it cannot.
    case untold(Trigger.Condition)
}

extension EventFacts: RoutableEvent {
    package func isOf(repository fullName: String) -> Bool {
        payload(atPath: "repository.full_name")?.string?.lowercased() == fullName
    }

    package func verdict(on conditions: [Trigger.Condition], trigger: String, agent: String?) -> MatchVerdict {
        let frame = JSON.object(frame(trigger: trigger, agent: agent))
        let failed = conditions.first { !$0.holds(of: value(atPath: $0.path, frame)) }
        return failed.map(MatchVerdict.fails) ?? .holds
    }

    /// - Parameter frame: everything but the payload, of which, as it may be long, only what stands at the path is read
    private func value(atPath path: String, _ frame: JSON) -> JSON? {
        if path.hasPrefix("payload."), let inner = Optional(path.dropFirst(8)), !inner.isEmpty {
            return payload(atPath: String(inner))
        }
        guard path.isEmpty || path.hasPrefix("payload") else { return frame.value(atPath: path) }
        guard case .object(var members) = frame else { return nil }
        members["payload"] = payload
        return JSON.object(members).value(atPath: path)
    }
}
