import Outbound

/// Why a model did not answer. `message` is safe to print and to store: no key and no prompt is in it.
package struct ProviderError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// It cannot be asked at all as it is declared: a secret that is not there, a type that is not active.
        case notSetUp
        /// The key is missing, wrong, or not allowed to do this.
        case unauthorized
        /// The provider does not accept the request as it is.
        case rejected
        case rateLimited
        /// The account has no credit left.
        case quotaExceeded
        case unavailable
        case timeout
        case connection
        /// It was not asked: its host failed several times in a row.
        case leftAlone
        /// The answer is not what the provider's interface promises.
        case badAnswer
        /// Nothing recorded answers this request.
        case notRecorded
        case badTranscript
        case cancelled
    }

    package let code: Code
    package let message: String
    /// What the provider asks to wait before another attempt.
    package let retryAfter: Duration?

    package init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    package var isRetryable: Bool {
        switch code {
        case .rateLimited, .unavailable, .timeout, .connection, .leftAlone, .badAnswer: true
        case .notSetUp, .unauthorized, .rejected, .quotaExceeded, .notRecorded, .badTranscript, .cancelled: false
        }
    }

    package var description: String { message }

    /// - Parameter name: the provider's name.
    init(_ error: OutboundError, provider name: String) {
        let code: Code =
            switch error.code {
            case .timeout: .timeout
            case .connect: .connection
            case .protocol, .tooLarge: .badAnswer
            case .cancelled: .cancelled
            case .circuitOpen: .leftAlone
            case .refusedAddress, .badURL, .tls, .redirect, .badHeader, .badSecret: .rejected
            }
        self.init(code, "provider \(name): \(error.message)", retryAfter: error.retryAfter)
    }
}
