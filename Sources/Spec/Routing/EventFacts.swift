import Values

/// Something that arrived, as triggers and templates see it.
package struct EventFacts: Sendable, Hashable {
    /// Where it came in, which decides who may hear of it.
    package enum Endpoint: Sendable, Hashable {
        /// `/hooks/{trigger}`, a schedule's tick, or a request by hand: for that trigger alone.
        case trigger(String)
        /// `/hooks/repositories/{name}`: for every trigger of that repository.
        case repository(String)

        /// `trigger/on-push`, `repository/site`: as it is recorded and told.
        package var text: String {
            switch self {
            case .trigger(let name): "trigger/\(name)"
            case .repository(let name): "repository/\(name)"
            }
        }
    }

    package let endpoint: Endpoint
    /// `pull_request.opened`, `push`, `schedule`, `run` …
    package let name: String
    private let text: JSONText
    /// Lower-case names.
    package let headers: [String: String]
    package let receivedAt: Instant
    package let scheduledAt: Instant?

    package init(
        endpoint: Endpoint, name: String, payload: JSON, headers: [String: String] = [:], receivedAt: Instant,
        scheduledAt: Instant? = nil
    ) {
        self.init(
            endpoint: endpoint, name: name, payload: JSONText(payload), headers: headers, receivedAt: receivedAt,
            scheduledAt: scheduledAt)
    }

    /// - Parameter payload: of which no more is read than somebody asks for
    package init(
        endpoint: Endpoint, name: String, payload: JSONText, headers: [String: String] = [:], receivedAt: Instant,
        scheduledAt: Instant? = nil
    ) {
        self.endpoint = endpoint
        self.name = name
        self.text = payload
        self.headers = headers
        self.receivedAt = receivedAt
        self.scheduledAt = scheduledAt
    }

    package var payload: JSON { text.value }

    package func moved(to endpoint: Endpoint) -> EventFacts {
        EventFacts(
            endpoint: endpoint, name: name, payload: text, headers: headers, receivedAt: receivedAt,
            scheduledAt: scheduledAt)
    }

    /// What stands at a path within the payload.
    func payload(atPath path: String) -> JSON? { text.value(atPath: path) }

    /// The one object over which templates are rendered and `match` paths are looked up.
    package func object(trigger: String?, agent: String?) -> JSON {
        var object = frame(trigger: trigger, agent: agent)
        object["payload"] = payload
        return .object(object)
    }

    /// That object without the payload.
    func frame(trigger: String?, agent: String?) -> JSONMembers {
        var object: JSONMembers = [
            "event": .string(name), "headers": .object(JSONMembers(headers, JSON.string)),
            "receivedAt": .string(receivedAt.rfc3339),
        ]
        object["trigger"] = trigger.map(JSON.string)
        object["agent"] = agent.map(JSON.string)
        object["scheduledAt"] = scheduledAt.map { .string($0.rfc3339) }
        return object
    }
}
