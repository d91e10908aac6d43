import GRDB
import Values

/// One model or tool call inside a run.
package struct Step: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
        case model, tool
    }

    /// From 1 within an attempt.
    package var number: Int
    package var kind: Kind
    /// The model's or the tool's.
    package var name: String
    /// Whether the call may be made again when its answer was lost: false for a tool that writes and is not idempotent,
    /// unless it is known that the call did nothing.
    package var isRepeatable: Bool
    package var startedAt: Instant
    /// `nil` while the call is under way.
    package var finishedAt: Instant?
    package var tokensIn: Int
    package var tokensOut: Int
    package var requestDigest: Digest?
    /// Without secrets. Over 256 KiB its beginning is stored.
    package var request: JSON?
    package var response: JSON?
    package var error: String?
    /// Of the run; set by what is recorded.
    package private(set) var attempt = 0

    package init(
        number: Int, kind: Kind, name: String, isRepeatable: Bool = true, startedAt: Instant,
        finishedAt: Instant? = nil, tokensIn: Int = 0, tokensOut: Int = 0, requestDigest: Digest? = nil,
        request: JSON? = nil, response: JSON? = nil, error: String? = nil
    ) {
        self.number = number
        self.kind = kind
        self.name = name
        self.isRepeatable = isRepeatable
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.requestDigest = requestDigest
        self.request = request
        self.response = response
        self.error = error
    }

    init(row: Row) throws {
        self.init(
            number: try row.get("number"), kind: try row.get("kind"), name: try row.get("name"),
            isRepeatable: try row.get("repeatable"), startedAt: try row.get("started_at"),
            finishedAt: try row.find("finished_at"), tokensIn: try row.get("tokens_in"),
            tokensOut: try row.get("tokens_out"), requestDigest: try row.find("request_digest"),
            request: try row.find("request"), response: try row.find("response"), error: try row.find("error"))
        attempt = try row.get("attempt")
    }

    var arguments: Arguments {
        [
            "number": number, "kind": kind, "name": name, "repeatable": isRepeatable, "startedAt": startedAt,
            "finishedAt": finishedAt, "tokensIn": tokensIn, "tokensOut": tokensOut, "requestDigest": requestDigest,
            "request": StoredText.capped(request), "response": StoredText.capped(response),
            "error": StoredText.capped(error),
        ]
    }
}
