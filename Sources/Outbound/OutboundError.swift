import Values

/// What went wrong with a request to the outside.
///
/// `message` is safe to print and to store: it names scheme, host and port, never a path, a query, a header's value or
/// a body, as these carry keys (a Telegram token stands in the path).
package struct OutboundError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The host's address is not one that this request may connect to.
        case refusedAddress
        case badURL
        /// The whole exchange, redirects and body included, took longer than allowed.
        case timeout
        /// The name does not resolve, or nothing answers at its address.
        case connect
        /// No trusted TLS connection: self-signed, expired, another host's certificate.
        case tls
        /// The body of the answer is over the limit.
        case tooLarge
        /// Too many redirects, or one that leads where it must not.
        case redirect
        /// The answer is not HTTP that can be read, or it broke off.
        case `protocol`
        case badHeader
        /// A signing secret that cannot be used.
        case badSecret
        /// The caller gave up, or the client is shut down.
        case cancelled
        /// Nothing was sent: the host failed several times in a row, and is left alone for `retryAfter`.
        case circuitOpen
    }

    package let code: Code
    package let message: String
    /// Whether the request may have reached its receiver: trying again could do twice what it asks for.
    package let mayHaveArrived: Bool
    /// When the same request may be sent, where that is known.
    package let retryAfter: Duration?

    package init(
        _ code: Code, _ message: String, mayHaveArrived: Bool? = nil, retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.mayHaveArrived = mayHaveArrived ?? code.isAfterSending
        self.retryAfter = retryAfter
    }

    /// Whether the same request may succeed later.
    package var isRetryable: Bool {
        switch code {
        case .timeout, .connect, .protocol, .circuitOpen: true
        case .refusedAddress, .badURL, .tls, .tooLarge, .redirect, .badHeader, .badSecret, .cancelled: false
        }
    }

    package var description: String { message }

    /// The same error, met after an earlier request of the same exchange was sent.
    func afterSending() -> OutboundError {
        OutboundError(code, message, mayHaveArrived: true, retryAfter: retryAfter)
    }
}

extension OutboundError.Code {
    fileprivate var isAfterSending: Bool {
        switch self {
        case .timeout, .tooLarge, .redirect, .protocol, .cancelled: true
        case .refusedAddress, .badURL, .connect, .tls, .badHeader, .badSecret, .circuitOpen: false
        }
    }
}
