import State

/// Takes what other services send: checks it, stores it, and says what to answer.
package protocol HookReceiving: Sendable {
    /// - Parameters:
    ///   - headers: as they came, in their order
    ///   - body: the bytes as they came, over which signatures are made
    func receive(_ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8]) async -> HookAnswer

    /// The same for who cannot wait: returns soon, and calls `then` once, at `place`.
    func receive(
        _ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8], at place: AnswerPlace,
        then: @escaping @Sendable (HookAnswer) -> Void)
}

extension HookReceiving {
    package func receive(
        _ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8], at place: AnswerPlace,
        then: @escaping @Sendable (HookAnswer) -> Void
    ) {
        Task {
            let answer = await receive(endpoint, headers: headers, body: body)
            place.put { then(answer) }
        }
    }
}

/// Where something came in.
package enum HookEndpoint: Sendable, Hashable {
    /// `/hooks/{trigger}`
    case trigger(String)
    /// `/hooks/repositories/{name}`
    case repository(String)
}

/// What became of something that was sent.
package enum HookAnswer: Sendable, Hashable {
    /// It is on the disk.
    case accepted(event: String)
    /// All of a batch is on the disk.
    case acceptedBatch(events: [String])
    /// It is on the disk already, since this event.
    case duplicate(event: String)
    /// All of a batch is on the disk already, as these events.
    case duplicateBatch(events: [String])
    /// The sender's own kind of answer: of a ping, a challenge, or a command that is on the disk.
    case answered(contentType: String, body: String)
    case unauthorized
    case unknown
    case badRequest(String)
    /// The sender's id was seen before, as this event, with another body (fault E95).
    case conflict(event: String)
    /// So it is with this one of a batch, counted from 1, of which nothing is stored; `nil` where another one of the batch
    /// has the id.
    case conflictInBatch(place: Int, event: String?)
    case unsupportedEncoding
    /// More than the endpoint takes: to be sent again after so many seconds.
    case limited(retryAfter: Int)
    /// So it is with what came before.
    case repeated(retryAfter: Int)
    /// It could not be stored, or the endpoint is not ready: to be sent again.
    case unavailable(String)
}
