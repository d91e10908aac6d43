import Logging
import Outbound
import Spec
import State
import Values

/// Takes webhooks in: checks who sends, stores the event with the runs it starts in one transaction, and only then says
/// so (DESIGN.md rule 5). Whoever sends too much, or more than can be worked off, is told to come again.
package struct Inbox: Sendable {
    private let store: StateStore
    private let events: any EventStoring
    private let catalogs: AppliedCatalog
    private let secrets: SecretLookup
    private let news: SecretNews?
    private let clock: any RuntimeClock
    private let metrics: RuntimeMetrics
    private let log: InboxLog
    private let queueLimit: Int
    private let rates = WebhookRates()

    /// Runs that may wait, of all agents and tools.
    package static let queueLimit = 100_000

    /// - Parameters:
    ///   - news: is told whether secrets can be used
    ///   - queueLimit: runs that may wait before events that start more are refused
    ///   - events: what stores events that arrive at the same time; a group of commits without it
    package init(
        store: StateStore, catalogs: AppliedCatalog, secrets: @escaping SecretLookup, news: SecretNews? = nil,
        clock: any RuntimeClock, metrics: RuntimeMetrics, logger: Logger, queueLimit: Int = Inbox.queueLimit,
        events: (any EventStoring)? = nil
    ) {
        self.store = store
        self.events = events ?? GroupCommit(store)
        self.catalogs = catalogs
        self.secrets = secrets
        self.news = news
        self.clock = clock
        self.metrics = metrics
        log = InboxLog(logger)
        self.queueLimit = queueLimit
    }

    /// - Parameters:
    ///   - headers: as received, in order; a name may be there several times
    ///   - body: the bytes as received, which is what senders sign
    package func receive(
        endpoint: EventFacts.Endpoint, headers: [(String, String)], body: [UInt8]
    ) -> InboxAnswer {
        answer(endpoint) { () throws(StateError) in
            switch try take(endpoint, WebhookRequest(headers: headers, body: body)) {
            case .answered(let answer): return answer
            case .arrived(let arrived):
                let results: Result<[Result<Acceptance, StateError>], StateError>
                do throws(StateError) {
                    results = .success(try store.accept(batch: arrived.events.map(\.arrival)))
                } catch {
                    results = .failure(error)
                }
                return try finish(arrived, results)
            }
        }
    }

    /// The same, beside others that arrive at the same time: they share a transaction.
    package func receiveTogether(
        endpoint: EventFacts.Endpoint, headers: [(String, String)], body: [UInt8]
    ) async -> InboxAnswer {
        let taken: Taken
        do {
            taken = try take(endpoint, WebhookRequest(headers: headers, body: body))
        } catch {
            return answer(endpoint) { () throws(StateError) in throw error }
        }
        guard case .arrived(let arrived) = taken else { return answer(endpoint) { taken.answer } }
        return await withCheckedContinuation { continuation in
            put(arrived, of: endpoint, at: nil) { continuation.resume(returning: $0) }
        }
    }

    /// The same for who cannot wait, as an event loop: nothing is read of files or of the state on the thread that calls.
    ///
    /// - Parameter then: called once, at `place`
    package func receiveTogether(
        endpoint: EventFacts.Endpoint, headers: [(String, String)], body: [UInt8], at place: AnswerPlace,
        then: @escaping @Sendable (InboxAnswer) -> Void
    ) {
        guard let revision = catalogs.ready, case .found(let found) = Endpoint.find(endpoint, in: revision),
            !found.hasSecretFiles
        else {
            Task {
                let answer = await receiveTogether(endpoint: endpoint, headers: headers, body: body)
                place.put { then(answer) }
            }
            return
        }
        let taken = take(WebhookRequest(headers: headers, body: body), at: endpoint, found, revision)
        guard case .arrived(let arrived) = taken else {
            let answer = answer(endpoint) { taken.answer }
            return place.put { then(answer) }
        }
        put(arrived, of: endpoint, at: place, then: then)
    }

    private func put(
        _ arrived: Arrived, of endpoint: EventFacts.Endpoint, at place: AnswerPlace?,
        then: @escaping @Sendable (InboxAnswer) -> Void
    ) {
        events.accept(arrived.events.map(\.arrival), at: place) { results in
            then(answer(endpoint) { () throws(StateError) in try finish(arrived, results) })
        }
    }

    private func answer(
        _ endpoint: EventFacts.Endpoint, _ body: () throws(StateError) -> InboxAnswer
    ) -> InboxAnswer {
        let answer: InboxAnswer
        do {
            answer = try body()
        } catch {
            switch error.code {
            case .tooLarge: answer = .badRequest(error.message)
            case .queueFull: answer = .full("\(error.message): send it again later")
            default: answer = .unavailable("the event could not be stored; send it again later")
            }
            if case .queueFull(let target) = error.code {
                metrics.count { $0.queueFull[target?.path ?? "all", default: 0] += 1 }
                log.full("\(error)", at: endpoint.text, clock.now())
            } else {
                log.problem("a webhook could not be stored: \(error)", at: endpoint.text, clock.now())
            }
        }
        note(answer, endpoint)
        return answer
    }

    private func take(
        _ endpoint: EventFacts.Endpoint, _ request: WebhookRequest
    ) throws(StateError) -> Taken {
        guard let revision = try catalogs.current() else {
            return .answered(.unavailable("no configuration has been applied yet"))
        }
        var endpoint = endpoint
        var lookup = Endpoint.find(endpoint, in: revision)
        if case .unknown = lookup {
            // Who sends to a renamed trigger goes on doing so.
            endpoint = try current(endpoint)
            lookup = Endpoint.find(endpoint, in: revision)
        }
        switch lookup {
        case .found(let place): return take(request, at: endpoint, place, revision)
        case .unknown: return .answered(.unknown)
        case .inactive(let reason): return .answered(.unavailable(reason))
        }
    }

    private func take(
        _ request: WebhookRequest, at endpoint: EventFacts.Endpoint, _ place: Endpoint, _ revision: RevisionInForce
    ) -> Taken {
        if request.isEncoded { return .answered(.unsupportedEncoding) }
        let keys = place.usableSecrets(secrets) { problem in
            log.problem(problem, at: place.name, clock.now())
        }
        news?.found(place.name, isUsable: !keys.isEmpty)
        guard !keys.isEmpty else { return .answered(.unavailable("this endpoint has no usable secret")) }
        let verdict = place.source.verify(request, secrets: keys, now: clock.now())
        guard verdict == .valid else {
            metrics.count { $0.unverified[place.name, default: 0] += 1 }
            log.unverified("a webhook was refused: \(verdict.message)", at: place.name, clock.now())
            return .answered(.unauthorized)
        }
        let message: WebhookMessage
        do {
            message = try place.source.read(request)
        } catch {
            return .answered(.badRequest(error.message))
        }
        let contents: [WebhookContent]
        var replies: AskedReplies?
        switch message {
        case .nothing(let reply): return .answered(.answered(reply))
        case .asked(let content, let own): (contents, replies) = ([content], own)
        case .events(let several): contents = several
        }
        // Only what is signed counts: nobody else can use up what an honest sender may send.
        let refusal = rates.take(
            contents.map(\.id), at: place.name, place.rateLimit, in: revision.revision.number, revision.names,
            clock.now())
        switch refusal {
        case .limited(let seconds):
            log.limited(place.name, clock.now())
            return .answered(.limited(retryAfter: seconds))
        case .repeated(let seconds):
            log.repeated(place.name, clock.now())
            return .answered(.repeated(retryAfter: seconds))
        case nil: break
        }
        let events = contents.map { content in
            event(
                content, request, at: endpoint, place, revision,
                digest: content.digest
                    ?? (contents.count == 1 ? Digest(of: request.body) : Digest(of: content.payload.bytes)))
        }
        return .arrived(
            Arrived(
                events: events, reply: replies.map { $0[events.map(\.uptake).first ?? .nothing] }, place: place.name,
                rateLimit: place.rateLimit))
    }

    private func current(_ endpoint: EventFacts.Endpoint) throws(StateError) -> EventFacts.Endpoint {
        switch endpoint {
        case .trigger(let name): .trigger(try store.reader.currentName(of: Trigger.id(name)))
        case .repository(let name): .repository(try store.reader.currentName(of: Repository.id(name)))
        }
    }

    private func event(
        _ content: WebhookContent, _ request: WebhookRequest, at endpoint: EventFacts.Endpoint, _ place: Endpoint,
        _ revision: RevisionInForce, digest: Digest
    ) -> ArrivedEvent {
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
            payload: content.payload, headers: .object(JSONMembers(headers, JSON.string)), receivedAt: now,
            bodyDigest: digest, decisions: .array(decisions.map(\.json)),
            answerAddress: content.answerAt.flatMap { address in
                // Kept only for who is to use it.
                decisions.contains { $0.runs && $0.spec.deliver.contains(where: revision.answers) }
                    ? AnswerAddress(url: address.url, until: now.advanced(by: address.for)) : nil
            })
        let limits = runs.map(\.target).compactMap { target in revision.queueLimit(of: target).map { (target, $0) } }
        let bound = QueueBound(total: queueLimit, targets: Dictionary(limits) { first, _ in first })
        // What an earlier version stored has the digest of its bytes.
        let source = place.source
        return ArrivedEvent(
            arrival: Arrival(event, runs: runs, bound: bound) { source.isSame($0, as: content) }, decisions: decisions)
    }

    /// What the sender is told of what is on the disk now.
    private func finish(
        _ arrived: Arrived, _ stored: Result<[Result<Acceptance, StateError>], StateError>
    ) throws(StateError) -> InboxAnswer {
        giveBack(arrived, stored)
        let results = try stored.get()
        if let refusal = try refusal(of: arrived, results) { return refusal }
        var answers: [InboxAnswer] = []
        for (event, result) in zip(arrived.events, results) {
            switch try result.get() {
            case .accepted(let id, let runs):
                log.accepted(event.arrival.event, id, runs, event.decisions)
                answers.append(.accepted(event: id))
            case .duplicate(let id, _):
                answers.append(.duplicate(event: id))
            }
        }
        let ids = answers.compactMap { answer in
            switch answer {
            case .accepted(let id), .duplicate(let id): id
            default: nil as String?
            }
        }
        let accepted = answers.count { if case .accepted = $0 { true } else { false } }
        let duplicates = answers.count - accepted
        metrics.count {
            $0.eventsAccepted += accepted
            $0.eventsDuplicate += duplicates
        }
        guard let answer = answers.first, answers.count == 1 else {
            return accepted > 0 ? .acceptedBatch(events: ids) : .duplicateBatch(events: ids)
        }
        return arrived.reply.map { .replied(event: ids.first ?? "", $0) } ?? answer
    }

    /// Only what is stored counts: who is told to come again, or comes again unasked, uses up nothing of what new events
    /// may be, and repetitions have a bound of their own.
    private func giveBack(_ arrived: Arrived, _ stored: Result<[Result<Acceptance, StateError>], StateError>) {
        var kept = 0
        var repeated: [String] = []
        for (event, result) in zip(arrived.events, (try? stored.get()) ?? []) {
            switch result {
            case .success(.accepted): kept += 1
            case .success(.duplicate): repeated.append(event.arrival.event.dedupeKey ?? "")
            case .failure: break
            }
        }
        let count = arrived.events.count
        rates.giveBack(count - kept, of: count, repeated: repeated, at: arrived.place, arrived.rateLimit)
    }

    /// The one that keeps all of them from being stored. Throws where the state takes it from nobody.
    private func refusal(
        of arrived: Arrived, _ results: [Result<Acceptance, StateError>]
    ) throws(StateError) -> InboxAnswer? {
        for (place, result) in results.enumerated() {
            switch result {
            case .success(.duplicate(let id, isSameBody: false)):
                guard results.count > 1 else { return .conflict(event: id) }
                // Another one of the same batch is no event, as nothing of it was stored.
                let key = arrived.events[place].arrival.event.dedupeKey
                let isOwn = arrived.events.prefix(place).contains { $0.arrival.event.dedupeKey == key }
                return .conflictInBatch(place: place + 1, event: isOwn ? nil : id)
            case .failure(let error) where error.code != .conflict: throw error
            default: continue
            }
        }
        return nil
    }

    private func note(_ answer: InboxAnswer, _ endpoint: EventFacts.Endpoint) {
        switch answer {
        // What is stored was counted event by event.
        case .accepted, .acceptedBatch, .duplicate, .duplicateBatch, .replied, .answered: break
        case .unauthorized: metrics.refused(.unauthorized)
        case .unknown: metrics.refused(.unknown)
        case .badRequest: metrics.refused(.malformed)
        case .conflict, .conflictInBatch: metrics.refused(.conflict)
        case .unsupportedEncoding: metrics.refused(.encoding)
        case .limited: metrics.refused(.limited)
        case .repeated: metrics.refused(.repeated)
        case .full: metrics.refused(.queueFull)
        case .unavailable: metrics.refused(.unavailable)
        }
    }
}

/// What became of a request before anything is stored.
private enum Taken {
    case answered(InboxAnswer)
    case arrived(Arrived)

    /// Of what is not to be stored.
    var answer: InboxAnswer {
        switch self {
        case .answered(let answer): answer
        case .arrived: .unavailable("the event could not be stored; send it again later")
        }
    }
}

/// What is to be stored of a request.
private struct Arrived {
    let events: [ArrivedEvent]
    /// What the sender waits for.
    let reply: InboxReply?
    /// Whose limit it counts for.
    let place: String
    let rateLimit: WebhookRateLimit
}

private struct ArrivedEvent {
    let arrival: Arrival
    let decisions: [RoutingDecision]

    var uptake: AskedReplies.Uptake {
        if arrival.runs.contains(where: { $0.skipReason == nil }) { return .taken }
        return !arrival.runs.isEmpty || decisions.contains { $0.spec.suspend } ? .suspended : .nothing
    }
}
