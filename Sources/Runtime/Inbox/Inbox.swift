import Logging
import Outbound
import Spec
import State
import Values

/// Takes webhooks in: checks who sends, stores the event with the runs it starts in one transaction, and only then says
/// so (DESIGN.md rule 5).
package struct Inbox: Sendable {
    private let store: StateStore
    private let catalogs: AppliedCatalog
    private let secrets: SecretLookup
    private let clock: any RuntimeClock
    private let metrics: RuntimeMetrics
    private let logger: Logger

    package init(
        store: StateStore, catalogs: AppliedCatalog, secrets: @escaping SecretLookup, clock: any RuntimeClock,
        metrics: RuntimeMetrics, logger: Logger
    ) {
        self.store = store
        self.catalogs = catalogs
        self.secrets = secrets
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    /// - Parameters:
    ///   - headers: as received, in order; a name may be there several times
    ///   - body: the bytes as received, which is what senders sign
    package func receive(
        endpoint: EventFacts.Endpoint, headers: [(String, String)], body: [UInt8]
    ) -> InboxAnswer {
        let answer: InboxAnswer
        do {
            answer = try take(endpoint, WebhookRequest(headers: headers, body: body))
        } catch {
            logger.error("a webhook could not be stored: \(error)", metadata: ["endpoint": "\(endpoint)"])
            answer =
                error.code == .tooLarge
                ? .badRequest(error.message) : .unavailable("the event could not be stored; send it again later")
        }
        note(answer, endpoint)
        return answer
    }

    private func take(
        _ endpoint: EventFacts.Endpoint, _ request: WebhookRequest
    ) throws(StateError) -> InboxAnswer {
        guard let revision = try catalogs.current() else {
            return .unavailable("no configuration has been applied yet")
        }
        let place: Endpoint
        var endpoint = endpoint
        var lookup = Endpoint.find(endpoint, in: revision.catalog)
        if case .unknown = lookup {
            // Who sends to a renamed trigger goes on doing so.
            endpoint = try current(endpoint)
            lookup = Endpoint.find(endpoint, in: revision.catalog)
        }
        switch lookup {
        case .found(let found): place = found
        case .unknown: return .unknown
        case .inactive(let reason): return .unavailable(reason)
        }
        if request.isEncoded { return .unsupportedEncoding }
        let keys = place.usableSecrets(secrets) { problem in
            logger.error("\(problem)", metadata: ["endpoint": "\(place.name)"])
        }
        guard !keys.isEmpty else { return .unavailable("this endpoint has no usable secret") }
        let verdict = place.source.verify(request, secrets: keys)
        guard verdict == .valid else {
            logger.notice("a webhook was refused: \(verdict.message)", metadata: ["endpoint": "\(place.name)"])
            return .unauthorized
        }
        let content: WebhookContent
        do {
            content = try place.source.read(request)
        } catch {
            return .badRequest(error.message)
        }
        if content.isPing { return .answered(["ok": true, "message": "pong"]) }
        return try accept(content, request, at: endpoint, place, revision)
    }

    private func current(_ endpoint: EventFacts.Endpoint) throws(StateError) -> EventFacts.Endpoint {
        switch endpoint {
        case .trigger(let name): .trigger(try store.reader.currentName(of: Trigger.id(name)))
        case .repository(let name): .repository(try store.reader.currentName(of: Repository.id(name)))
        }
    }

    private func accept(
        _ content: WebhookContent, _ request: WebhookRequest, at endpoint: EventFacts.Endpoint, _ place: Endpoint,
        _ revision: RevisionInForce
    ) throws(StateError) -> InboxAnswer {
        let now = clock.now()
        let headers = request.storedHeaders(without: place.source.signatureHeader)
        let facts = EventFacts(
            endpoint: endpoint, name: content.event, payload: content.payload, headers: headers, receivedAt: now)
        let decisions = revision.router.decisions(for: facts)
        let runs = decisions.filter(\.runs).compactMap { decision in
            revision.run(of: decision.trigger, decision.spec, notBefore: now)
        }
        let event = NewEvent(
            endpoint: place.name, dedupeKey: content.id, name: content.event, source: place.source.name,
            payload: content.payload, headers: .object(headers.mapValues(JSON.string)), receivedAt: now,
            bodyDigest: Digest(of: request.body), decisions: .array(decisions.map(\.json)))
        switch try store.accept(event, runs: runs) {
        case .accepted(let id, let runs):
            logger.info(
                "an event was accepted",
                metadata: [
                    "event": "\(id)", "name": "\(content.event)", "endpoint": "\(place.name)",
                    "runs": .array(runs.map { "\($0)" }),
                ])
            for case let decision in decisions {
                guard case .pass(let reason) = decision.outcome else { continue }
                logger.info(
                    "a trigger passed an event: \(reason)",
                    metadata: ["event": "\(id)", "trigger": "\(decision.trigger)"])
            }
            return .accepted(event: id)
        case .duplicate(let id, let isSameBody):
            return isSameBody ? .duplicate(event: id) : .conflict(event: id)
        }
    }

    private func note(_ answer: InboxAnswer, _ endpoint: EventFacts.Endpoint) {
        switch answer {
        case .accepted: metrics.count { $0.eventsAccepted += 1 }
        case .duplicate: metrics.count { $0.eventsDuplicate += 1 }
        case .answered: break
        case .unauthorized: metrics.refused(.unauthorized)
        case .unknown: metrics.refused(.unknown)
        case .badRequest: metrics.refused(.malformed)
        case .conflict: metrics.refused(.conflict)
        case .unsupportedEncoding: metrics.refused(.encoding)
        case .unavailable: metrics.refused(.unavailable)
        }
    }
}

extension RoutingDecision {
    /// As it is stored with the event.
    fileprivate var json: JSON {
        switch outcome {
        case .run: ["trigger": .string(trigger), "outcome": "run"]
        case .pass(let reason): ["trigger": .string(trigger), "outcome": "pass", "reason": .string(reason)]
        }
    }
}
