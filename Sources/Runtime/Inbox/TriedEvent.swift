import Spec
import Values

/// What a request would be taken for, and what each trigger would make of it, without taking it: for trying
/// configurations out. No secret is needed, and no signature looked at.
package struct TriedEvent: Sendable {
    package let name: String
    package let id: String?
    package let facts: EventFacts
    /// Of every trigger that listens to such senders, in order of their names.
    package let decisions: [RoutingDecision]

    /// One for each event in the request; none where it is a ping or a challenge.
    ///
    /// Throws a `RuntimeError` for what the sender would have to put right.
    ///
    /// - Parameters:
    ///   - headers: as they would come; those of signatures may be missing
    package static func all(
        source: Trigger.Webhook.Source, headers: [(String, String)], body: [UInt8], catalog: Catalog, now: Instant
    ) throws(RuntimeError) -> [TriedEvent] {
        let listening = catalog.all(Trigger.self).filter { $0.spec.webhook?.source == source }
        let request = WebhookRequest(headers: headers, body: body)
        let router = Router(catalog)
        var tried: [TriedEvent] = []
        // What names an event may depend on the trigger, as the headers of source generic do.
        var decisions: [String: Int] = [:]
        for (name, spec) in listening {
            guard let webhook = spec.webhook else { continue }
            let message: WebhookMessage
            do {
                message = try Endpoint.source(of: webhook).read(request)
            } catch {
                throw RuntimeError(.badRequest, error.message)
            }
            for content in message.contents {
                let facts = EventFacts(
                    endpoint: .trigger(name), name: content.event, payload: content.payload,
                    headers: request.storedHeaders(without: nil), receivedAt: now)
                let key = "\(content.event) \(content.id ?? "")"
                let made = router.decisions(for: facts)
                if let place = decisions[key] {
                    let known = tried[place]
                    tried[place] = TriedEvent(
                        name: known.name, id: known.id, facts: known.facts, decisions: known.decisions + made)
                } else {
                    decisions[key] = tried.count
                    tried.append(TriedEvent(name: content.event, id: content.id, facts: facts, decisions: made))
                }
            }
        }
        return tried
    }
}

extension WebhookMessage {
    fileprivate var contents: [WebhookContent] {
        switch self {
        case .events(let contents): contents
        case .asked(let content, _): [content]
        case .nothing: []
        }
    }
}
