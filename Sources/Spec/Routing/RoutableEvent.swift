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
        payload.value(atPath: "repository.full_name")?.string?.lowercased() == fullName
    }

    package func verdict(on conditions: [Trigger.Condition], trigger: String, agent: String?) -> MatchVerdict {
        let object = object(trigger: trigger, agent: agent)
        return conditions.first { !$0.holds(for: object) }.map(MatchVerdict.fails) ?? .holds
    }

    package func moved(to endpoint: Endpoint) -> EventFacts {
        EventFacts(
            endpoint: endpoint, name: name, payload: payload, headers: headers, receivedAt: receivedAt,
            scheduledAt: scheduledAt)
    }
}
