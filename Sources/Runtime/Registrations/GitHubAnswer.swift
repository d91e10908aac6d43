import Outbound
import Values

/// What GitHub's answer to a request means (docs.github.com, "Best practices for using the REST API" and "Rate limits").
enum GitHubAnswer {
    /// How long to leave GitHub alone that says no more than that it is too much.
    private static let pause = Duration.seconds(60)
    /// Characters of what GitHub says that are repeated.
    private static let said = 200

    /// The id of a repository that has another name now. Any other redirect is not followed, and none to another host:
    /// the token is for this one.
    static func number(_ response: OutboundResponse, at address: SenderAddress) -> String? {
        let prefix = "\(address.base)/repositories/"
        guard [301, 302, 307, 308].contains(response.status), let location = response.headers["location"],
            location.hasPrefix(prefix)
        else { return nil }
        let number = location.dropFirst(prefix.count).prefix { $0.isASCII && $0.isNumber }
        return (1...19).contains(number.utf8.count) ? String(number) : nil
    }

    /// The problem in an answer, nil where there is none.
    static func problem(_ response: OutboundResponse, doing what: String, now: Instant) -> SenderProblem? {
        let status = response.status
        let says = message(response)
        switch status {
        case 200..<300: return nil
        case 300..<400:
            return SenderProblem(
                .refused,
                "GitHub redirects (\(status)), which is not followed: the repository may have another name now,"
                    + " which `url` should give")
        case 401:
            return SenderProblem(.refused, "GitHub does not know the token in `credentials` (401\(says))")
        case 403, 429:
            if let until = limit(response, now: now) ?? (status == 429 ? now.advanced(by: pause) : nil) {
                return SenderProblem(.limited(until: until), "GitHub's rate limit is used up until \(until.rfc3339)")
            }
            if says.lowercased().contains("rate limit") {
                return SenderProblem(
                    .limited(until: now.advanced(by: pause)), "GitHub's rate limit is used up (\(status)\(says))")
            }
            return SenderProblem(
                .refused,
                "the token in `credentials` may not administer the repository's webhooks (403\(says)): it needs"
                    + " `admin:repo_hook`, or read and write access to webhooks")
        case 404:
            return SenderProblem(
                .missing,
                "GitHub shows no such repository or webhook to the token in `credentials` (404, \(what)): see the"
                    + " repository's `url`, and that the token may administer its webhooks")
        case 400, 422: return SenderProblem(.unprocessable, "GitHub refuses \(what) (\(status)\(says))")
        case 408, 500..<600:
            return SenderProblem(.passing, "GitHub answered \(status) when asked \(what)")
        default: return SenderProblem(.refused, "GitHub answered \(status) when asked \(what)\(says)")
        }
    }

    /// When there may be more requests: `Retry-After`, or the end of a budget that is used up.
    static func limit(_ response: OutboundResponse, now: Instant) -> Instant? {
        if let wait = RetryAfter.delay(response.headers, now: now) { return now.advanced(by: wait) }
        guard response.headers["x-ratelimit-remaining"] == "0",
            let reset = response.headers["x-ratelimit-reset"], (1...12).contains(reset.utf8.count),
            reset.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(reset)
        else { return nil }
        return Instant(seconds: seconds)
    }

    private static func message(_ response: OutboundResponse) -> String {
        guard let said = (try? JSON(parsing: response.body))?["message"]?.string, !said.isEmpty else { return "" }
        return ": " + said.prefix(Self.said)
    }
}
