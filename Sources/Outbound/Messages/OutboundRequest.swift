/// One HTTP request to the outside, with its limits.
package struct OutboundRequest: Sendable {
    package var method: String
    /// An absolute `http` or `https` URL.
    package var url: String
    /// Names and values in order. What frames the message (`Host`, `Content-Length`, …) is refused: the client sets it.
    package var headers: [(String, String)]
    package var body: [UInt8]?
    /// For everything: resolving, connecting, redirects and the whole body.
    package var timeout: Duration
    /// Bytes of the answer's body; more is an error, or left out.
    package var maxResponseBytes: Int
    /// Whether a longer body is cut and not an error.
    package var cutsResponse: Bool
    /// Whether the request is done with the head of its answer: a body that cannot be read, is too long or does not come
    /// at once is taken for empty. For what must not be sent again because of what the receiver says beside its status.
    package var statusDecides: Bool
    package var policy: AddressPolicy
    /// How many redirects are followed, at most 5. With 0 the redirect itself is the answer.
    package var followRedirects: Int

    package static let redirectLimit = 5

    package init(
        method: String = "GET",
        url: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(30),
        maxResponseBytes: Int = 1 << 20,
        cutsResponse: Bool = false,
        statusDecides: Bool = false,
        policy: AddressPolicy = .publicOnly,
        followRedirects: Int = 0
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maxResponseBytes = maxResponseBytes
        self.cutsResponse = cutsResponse
        self.statusDecides = statusDecides
        self.policy = policy
        self.followRedirects = followRedirects
    }
}
