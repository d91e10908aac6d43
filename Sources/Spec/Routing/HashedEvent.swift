import Values

/// A recorded event of which only what routing needs is known: its name in the clear, and of headers and payload the
/// keys, with a hash in the place of each value.
package struct HashedEvent: RoutableEvent, Hashable {
    package let id: String
    package let endpoint: EventFacts.Endpoint
    package let name: String
    package let receivedAt: Instant
    /// Of the lower-case full name of the repository that the payload is of, where it says one.
    package let repository: String?
    package let headers: JSON
    /// Nil where it was too large to be hashed.
    package let payload: JSON?
    package let hash: ValueHash

    package init(
        id: String, endpoint: EventFacts.Endpoint, name: String, receivedAt: Instant, repository: String?,
        headers: JSON, payload: JSON?, hash: ValueHash
    ) {
        self.id = id
        self.endpoint = endpoint
        self.name = name
        self.receivedAt = receivedAt
        self.repository = repository
        self.headers = headers
        self.payload = payload
        self.hash = hash
    }

    /// - Parameter keepsPayload: whether the payload is small enough
    package init(_ facts: EventFacts, id: String, hash: ValueHash, keepsPayload: Bool) {
        self.init(
            id: id, endpoint: facts.endpoint, name: facts.name, receivedAt: facts.receivedAt,
            repository: facts.payload.value(atPath: "repository.full_name")?.string.map {
                hash.hash(.string($0.lowercased()))
            },
            headers: hash.hashed(.object(JSONMembers(facts.headers, JSON.string))),
            payload: keepsPayload ? hash.hashed(facts.payload) : nil, hash: hash)
    }

    package func isOf(repository fullName: String) -> Bool { repository == hash.hash(.string(fullName)) }

    package func moved(to endpoint: EventFacts.Endpoint) -> HashedEvent {
        HashedEvent(
            id: id, endpoint: endpoint, name: name, receivedAt: receivedAt, repository: repository, headers: headers,
            payload: payload, hash: hash)
    }

    package func verdict(on conditions: [Trigger.Condition], trigger: String, agent: String?) -> MatchVerdict {
        var object: JSONMembers = [
            "event": hash.hashed(.string(name)), "headers": headers,
            "receivedAt": hash.hashed(.string(receivedAt.rfc3339)),
        ]
        object["payload"] = payload
        object["trigger"] = trigger.isEmpty ? nil : hash.hashed(.string(trigger))
        object["agent"] = agent.map { hash.hashed(.string($0)) }
        var untold: Trigger.Condition?
        for condition in conditions {
            switch holds(condition, for: .object(object)) {
            case false?: return .fails(condition)
            case nil: untold = untold ?? condition
            case true?: continue
            }
        }
        return untold.map(MatchVerdict.untold) ?? .holds
    }

    /// Nil where it cannot be told.
    private func holds(_ condition: Trigger.Condition, for object: JSON) -> Bool? {
        let isOfPayload = condition.path == "payload" || condition.path.hasPrefix("payload.")
        if payload == nil, isOfPayload || condition.path.isEmpty { return nil }
        let value = object.value(atPath: condition.path)
        if let exists = condition.exists { return (value != nil) == exists }
        guard let value else { return false }
        if let equals = condition.equals { return hash.hashed(equals.json) == value }
        if let choices = condition.in { return choices.contains { hash.hashed($0.json) == value } }
        guard condition.matches != nil else { return false }
        // A pattern is never found in a list, a mapping or nothing.
        guard case .string = value, value != hash.hashed(.null) else { return false }
        return nil
    }
}
