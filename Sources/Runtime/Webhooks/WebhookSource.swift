import Outbound
import Values

/// How one kind of sender signs, and how its deliveries are read.
protocol WebhookSource: Sendable {
    /// As events record it: `github`.
    var name: String { get }
    /// The header with the signature or the token, which is never stored.
    var signatureHeader: String { get }

    /// Why a secret cannot be one of this sender's; nil where it can.
    func problem(with secret: [UInt8]) -> String?

    /// Whether the sender knows one of `secrets`. Nothing of the body is read before that.
    func verify(_ request: WebhookRequest, secrets: [[UInt8]], now: Instant) -> SignatureVerdict

    /// What was sent. Throws `WebhookProblem` for what the sender has to put right.
    func read(_ request: WebhookRequest) throws(WebhookProblem) -> WebhookMessage

    /// Whether a payload that came before with the same id, and in other bytes, says the same; false where the bytes are
    /// what counts.
    func isSame(_ stored: JSON, as content: WebhookContent) -> Bool
}

extension WebhookSource {
    func problem(with secret: [UInt8]) -> String? { nil }

    func isSame(_ stored: JSON, as content: WebhookContent) -> Bool { false }
}

/// What a verified request says.
enum WebhookMessage: Sendable {
    /// Something happened; several things where the sender gathers them.
    case events([WebhookContent])
    /// Something happened, and the sender waits for its own kind of answer.
    case asked(WebhookContent, replies: AskedReplies)
    /// Nothing happened that anybody is to hear of: a ping, a challenge, an echo of our own.
    case nothing(reply: InboxReply)

    static func event(_ content: WebhookContent) -> WebhookMessage { .events([content]) }
}

/// What somebody is told who asked for something, by what became of it.
struct AskedReplies: Sendable {
    enum Uptake: Sendable {
        /// Something runs.
        case taken
        /// What would run is suspended.
        case suspended
        /// Nothing listens to it.
        case nothing
    }

    let taken: InboxReply
    let suspended: InboxReply
    let nothing: InboxReply

    subscript(uptake: Uptake) -> InboxReply {
        switch uptake {
        case .taken: taken
        case .suspended: suspended
        case .nothing: nothing
        }
    }
}

/// One thing that happened.
struct WebhookContent: Sendable {
    /// `pull_request.opened`
    let event: String
    /// The sender's own id of the delivery.
    let id: String?
    let payload: JSONText
    /// Of what it means, where the same may be said in other bytes; nil where the bytes are what counts.
    let digest: Digest?
    /// Where its sender takes answers, and for how long; no part of the payload.
    let answerAt: (url: String, for: Duration)?

    init(
        event: String, id: String?, payload: JSONText, digest: Digest? = nil,
        answerAt: (url: String, for: Duration)? = nil
    ) {
        self.event = event
        self.id = id
        self.payload = payload
        self.digest = digest
        self.answerAt = answerAt
    }

    init(
        event: String, id: String?, payload: JSON, digest: Digest? = nil,
        answerAt: (url: String, for: Duration)? = nil
    ) {
        self.init(event: event, id: id, payload: JSONText(payload), digest: digest, answerAt: answerAt)
    }
}

/// A request that is signed and still cannot be read; the sender is told `message`.
struct WebhookProblem: Error, Sendable, Hashable {
    let message: String
}

extension WebhookRequest {
    /// A header that becomes an id or a name: printable ASCII without spaces, bounded. `nil` if it is not there; of two
    /// nobody knows which counts (fault F109).
    func token(_ header: String, limit: Int = 200) throws(WebhookProblem) -> String? {
        guard count(of: header) <= 1 else {
            throw WebhookProblem(message: "the header \(header) must be there only once")
        }
        guard let value = only(header), !value.isEmpty else { return nil }
        guard value.utf8.count <= limit, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw WebhookProblem(
                message: "the header \(header) must be at most \(limit) printable characters without spaces")
        }
        return value
    }

    /// The body as JSON, by the one strict reader (fault F114).
    func json(_ bytes: [UInt8]) throws(WebhookProblem) -> JSON { try jsonText(bytes).value }

    /// The same, of which no more is read than somebody asks for.
    func jsonText(_ bytes: [UInt8]) throws(WebhookProblem) -> JSONText {
        do {
            return try JSONText(checking: bytes)
        } catch {
            throw WebhookProblem(message: "the body is not JSON that can be read: \(error)")
        }
    }
}

/// A part of an event's name: `opened`, `app_mention`.
enum EventWord {
    static func isSound(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
