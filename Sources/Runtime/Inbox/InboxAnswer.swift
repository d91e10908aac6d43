import Values

/// What the sender of a webhook is told.
package enum InboxAnswer: Sendable, Hashable {
    /// 202: it is on the disk.
    case accepted(event: String)
    /// 202: all of a batch is on the disk.
    case acceptedBatch(events: [String])
    /// 200: all of a batch was seen before, as these events.
    case duplicateBatch(events: [String])
    /// 200: it is on the disk, and the sender gets its own kind of answer.
    case replied(event: String, InboxReply)
    /// 200: the sender's id was seen before, as this event.
    case duplicate(event: String)
    /// 200: a ping or a challenge, which runs nothing.
    case answered(InboxReply)
    /// 401: no signature, or not a right one. Nothing was read or stored.
    case unauthorized
    /// 404: no such trigger or repository takes webhooks.
    case unknown
    /// 400
    case badRequest(String)
    /// 409: the sender's id was seen before with another body.
    case conflict(event: String)
    /// 409: so it is with this one of a batch, counted from 1, of which nothing was stored; `nil` where it was the id of
    /// another one of the batch.
    case conflictInBatch(place: Int, event: String?)
    /// 415: a body with a Content-Encoding.
    case unsupportedEncoding
    /// 429: the sender sends more than the endpoint takes; to be sent again after so many seconds.
    case limited(retryAfter: Int)
    /// 429: it came before, and more often than the endpoint takes that; to be sent again after so many seconds.
    case repeated(retryAfter: Int)
    /// 503: as many runs wait as may; nothing was stored.
    case full(String)
    /// 503: to be sent again later.
    case unavailable(String)
}

/// What a sender gets that waits for more than a status.
package struct InboxReply: Sendable, Hashable {
    package let contentType: String
    package let body: String

    package init(contentType: String, body: String) {
        self.contentType = contentType
        self.body = body
    }

    package static func json(_ json: JSON) -> InboxReply {
        InboxReply(contentType: "application/json", body: json.canonicalText)
    }
}
