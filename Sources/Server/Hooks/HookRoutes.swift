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
        let headers = call.headers.map { (name: $0.name.rawName, value: $0.value) }
        switch await receiver.receive(endpoint, headers: headers, body: body) {
        case .accepted(let event): return .json(["event": .string(event)], .accepted)
        case .acceptedBatch(let events): return .json(["events": .array(events.map(JSON.string))], .accepted)
        case .duplicate(let event): return .json(["event": .string(event)])
        case .duplicateBatch(let events): return .json(["events": .array(events.map(JSON.string))])
        case .answered(let contentType, let body): return Answer(.ok, contentType, body)
        case .unauthorized:
            // Nothing that tells a wrong signature from a missing one.
            return Answer(.unauthorized)
        case .unknown: throw Problem.notFound("no such endpoint takes webhooks")
        case .badRequest(let detail): throw Problem(400, detail)
        case .conflict(let event):
            throw Problem(409, "event \(event) came with this id and another body: send a new id for a new event")
        case .unsupportedEncoding: throw Problem(415, "send the body as it is, without a Content-Encoding")
        case .limited(let seconds):
            throw Problem(
                429, "more events than this webhook takes (rateLimit): send it again later", retryAfter: seconds)
        case .unavailable(let detail): throw Problem(503, detail, retryAfter: Self.retryAfter)
        }
    }
}
