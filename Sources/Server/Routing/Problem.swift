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

    static func notFound(_ what: String) -> Problem { Problem(404, what) }

    var answer: Answer {
        let status = HTTPResponse.Status(code: status)
        let body: JSON = [
            "type": "about:blank", "title": .string(status.reasonPhrase), "status": .number(JSONNumber(status.code)),
            "detail": .string(detail),
        ]
        var answer = Answer(status, "application/problem+json", body.canonicalText + "\n")
        if let retryAfter { answer.headers[.retryAfter] = String(retryAfter) }
        if let allow { answer.headers[.allow] = allow }
        if let challenge { answer.headers[.wwwAuthenticate] = challenge }
        return answer
    }
}
