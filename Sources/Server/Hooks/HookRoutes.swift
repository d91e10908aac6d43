import HTTPTypes
import Values

/// `/hooks/…`: where other services send to.
struct HookRoutes: Sendable {
    /// Seconds after which a sender that was turned away may try again.
    private static let retryAfter = 10

    let receiver: any HookReceiving

    var routes: [Route] {
        [
            Route(.post, "/hooks/repositories/*", .open) { try await receive(.repository($0.parameter()), $0) },
            Route(.post, "/hooks/*", .open) { try await receive(.trigger($0.parameter()), $0) },
        ]
    }

    private func receive(_ endpoint: HookEndpoint, _ call: Call) async throws -> Answer {
        let body = try await call.body()
        let headers = call.headers.map { (name: $0.name.canonicalName, value: $0.value) }
        return Self.answer(await receiver.receive(endpoint, headers: headers, body: body))
    }

    static func answer(_ outcome: HookAnswer) -> Answer {
        switch outcome {
        case .accepted(let event): .json(["event": .string(event)], .accepted)
        case .acceptedBatch(let events): .json(["events": .array(events.map(JSON.string))], .accepted)
        case .duplicate(let event): .json(["event": .string(event)])
        case .duplicateBatch(let events): .json(["events": .array(events.map(JSON.string))])
        case .answered(let contentType, let body): Answer(.ok, contentType, body)
        // Nothing that tells a wrong signature from a missing one.
        case .unauthorized: Answer(.unauthorized)
        case .unknown: Problem.notFound("no such endpoint takes webhooks").answer
        case .badRequest(let detail): Problem(400, detail).answer
        case .conflict(let event):
            Problem(409, "event \(event) came with this id and another body: send a new id for a new event").answer
        case .conflictInBatch(let place, let event):
            Problem(
                409,
                "event number \(place) of the batch has the id of \(event.map { "event \($0)" } ?? "one before it") and another"
                    + " body: nothing of the batch is stored, send it again without that one"
            ).answer
        case .unsupportedEncoding: Problem(415, "send the body as it is, without a Content-Encoding").answer
        case .limited(let seconds):
            Problem(429, "more events than this webhook takes (rateLimit): send it again later", retryAfter: seconds)
                .answer
        case .repeated(let seconds):
            Problem(
                429, "this came before, and comes again more often than this webhook takes (ten times its rateLimit)",
                retryAfter: seconds
            ).answer
        case .unavailable(let detail): Problem(503, detail, retryAfter: Self.retryAfter).answer
        }
    }
}
