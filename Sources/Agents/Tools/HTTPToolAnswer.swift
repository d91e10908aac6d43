import Outbound
import Values

/// What a model is given of an HTTP answer.
enum HTTPToolAnswer {
    /// Characters of an error's body that are told.
    private static let errorPart = 2_000

    /// - Parameter now: what a date in `Retry-After` is measured against
    static func text(_ response: OutboundResponse, now: Instant) throws(ToolFailure) -> String {
        guard response.isSuccess else { throw failure(response, now) }
        if response.body.isEmpty { return "{\"status\":\(response.status)}" }
        guard let text = utf8(response) else {
            let type = response.headers["content-type"].map { " (\($0.prefix(100)))" } ?? ""
            throw ToolFailure(
                .notText, "the service answered \(response.status) with something that is not UTF-8 text\(type)",
                status: response.status, mayHaveArrived: true)
        }
        return response.isCut ? text + "\n[cut here: the answer is over \(response.body.count) bytes]" : text
    }

    private static func failure(_ response: OutboundResponse, _ now: Instant) -> ToolFailure {
        let status = response.status
        let isRedirect = (300..<400).contains(status)
        let what = isRedirect ? "redirects elsewhere, which is not followed here" : "answers with an error"
        // These two say that nothing was done; of another error one cannot know.
        let isRefused = status == 429 || status == 503
        return ToolFailure(
            .httpStatus, "the service \(what): status \(status)", status: status,
            body: utf8(response).map { String($0.prefix(errorPart)) }.flatMap { $0.isEmpty ? nil : $0 },
            isRetryable: response.isRetryable, mayHaveArrived: !isRefused,
            retryAfter: isRefused ? RetryAfter.delay(response.headers, now: now) : nil)
    }

    /// A cut answer may end within a character; that is left out.
    private static func utf8(_ response: OutboundResponse) -> String? {
        var bytes = response.body[...]
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        guard response.isCut else { return nil }
        for _ in 0..<3 {
            bytes = bytes.dropLast()
            if let text = String(validating: bytes, as: UTF8.self) { return text }
        }
        return nil
    }
}
