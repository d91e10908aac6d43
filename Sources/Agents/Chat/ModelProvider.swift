/// A service that answers as a model.
package protocol ModelProvider: Sendable {
    /// One answer; one request to the outside, not repeated.
    ///
    /// - Parameter timeout: for the whole call.
    func complete(_ request: ChatRequest, timeout: Duration) async throws(ProviderError) -> ChatAnswer
}

/// Why a model gave no answer. The message never holds a key.
package struct ProviderError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The provider is not set up so that it can be asked: a missing key, a type that is not active.
        case configuration
        /// It could not be reached, or broke off.
        case unreachable
        case timeout
        /// It answered with an error; `status` says which.
        case refused
        /// 429: it wants to be left alone for a while.
        case rateLimited
        /// Its answer is not one that can be read.
        case badAnswer
        /// No recorded answer fits.
        case noTranscript
        case cancelled
    }

    package let code: Code
    package let message: String
    /// Of the HTTP answer, where there was one.
    package let status: Int?
    /// Whether the same request may succeed later.
    package let isRetryable: Bool
    /// How long the provider asks to be left alone.
    package let retryAfter: Duration?

    package init(
        _ code: Code, _ message: String, status: Int? = nil, isRetryable: Bool = false, retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }

    package var description: String { message }
}
