import HTTPTypes
import Values

/// What went wrong with a request, as RFC 9457 says it.
package struct Problem: Error, Sendable, Hashable {
    package var status: Int
    /// For a person: what is wrong with this request and what to do.
    package var detail: String
    /// Seconds after which to try again.
    package var retryAfter: Int?
    /// What the resource takes, for 405.
    package var allow: String?
    /// How to sign in, for 401.
    package var challenge: String?

    package init(
        _ status: Int, _ detail: String, retryAfter: Int? = nil, allow: String? = nil, challenge: String? = nil
    ) {
        self.status = status
        self.detail = detail
        self.retryAfter = retryAfter
        self.allow = allow
        self.challenge = challenge
    }

    /// The titles of `about:blank` problems are HTTP's own (RFC 9457, section 4.2.1); HTTPTypes has none by number.
    private static let titles: [Int: String] = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        408: "Request Timeout", 409: "Conflict", 413: "Content Too Large", 415: "Unsupported Media Type",
        421: "Misdirected Request", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
        500: "Internal Server Error",
        503: "Service Unavailable",
    ]

    static func notFound(_ what: String) -> Problem { Problem(404, what) }

    var answer: Answer {
        let status = HTTPResponse.Status(code: status)
        let body: JSON = [
            "type": "about:blank", "title": .string(Self.titles[self.status] ?? "Error"),
            "status": .number(JSONNumber(status.code)),
            "detail": .string(detail),
        ]
        var answer = Answer(status, "application/problem+json", body.canonicalText + "\n")
        if let retryAfter { answer.headers[.retryAfter] = String(retryAfter) }
        if let allow { answer.headers[.allow] = allow }
        if let challenge { answer.headers[.wwwAuthenticate] = challenge }
        return answer
    }
}
