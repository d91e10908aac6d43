import State

/// What ends an attempt early.
package struct RunFailure: Error, Sendable, Hashable {
    package var reason: RunReason
    package var message: String
    package var isRetryable = false
    package var retryAfter: Duration?

    package init(_ reason: RunReason, _ message: String, isRetryable: Bool = false, retryAfter: Duration? = nil) {
        self.reason = reason
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }
}

extension RunFailure {
    /// - Parameter writer: a tool that must not be called twice and was called: another attempt would call it again.
    func result(usage: RunUsage, secrets: RunSecrets, after writer: String? = nil) -> RunResult {
        var message = message
        if let writer, isRetryable {
            message += "; not tried again, as the tool \(writer) has side effects and was called"
        }
        return .failed(
            error: secrets.redact(message), reason: reason, isRetryable: isRetryable && writer == nil,
            retryAfter: retryAfter, usage: usage)
    }
}
