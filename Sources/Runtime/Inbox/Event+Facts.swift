import Spec
import State
import Values

extension Event {
    /// As triggers and templates see it.
    ///
    /// - Parameters:
    ///   - receivedAt: of another arrival of the same
    ///   - scheduledAt: of the run that is looked at
    package func facts(receivedAt: Instant? = nil, scheduledAt: Instant? = nil) -> EventFacts {
        let headers = (self.headers.object ?? [:]).compactMapValues(\.string)
        return EventFacts(
            endpoint: summary.facing, name: summary.name, payload: payload, headers: headers,
            receivedAt: receivedAt ?? summary.receivedAt, scheduledAt: scheduledAt)
    }
}

extension EventSummary {
    /// `trigger/on-push` and `repository/site`, as they are called now, are webhooks; everything else was for one trigger
    /// alone.
    fileprivate var facing: EventFacts.Endpoint {
        let parts = currentEndpoint.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return .trigger("") }
        let name = String(parts[1])
        return parts[0] == "repository" ? .repository(name) : .trigger(name)
    }
}
