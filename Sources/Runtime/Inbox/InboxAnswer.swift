import Values

/// What the sender of a webhook is told.
package enum InboxAnswer: Sendable, Hashable {
    /// 202: it is on the disk.
    case accepted(event: String)
    /// 200: the sender's id was seen before, as this event.
    case duplicate(event: String)
    /// 200 with this body: a ping, which runs nothing.
    case answered(JSON)
    /// 401: no signature, or not a right one. Nothing was read or stored.
    case unauthorized
    /// 404: no such trigger or repository takes webhooks.
    case unknown
    /// 400
    case badRequest(String)
    /// 409: the sender's id was seen before with another body.
    case conflict(event: String)
    /// 415: a body with a Content-Encoding.
    case unsupportedEncoding
    /// 503: to be sent again later.
    case unavailable(String)
}
