/// Why the server cannot start or a client of it cannot go on.
package struct ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        case addressInUse
        case addressNotAvailable
        case permissionDenied
        /// An open address without a token.
        case tokenRequired
        case badAddress
        /// The control socket cannot be made.
        case controlSocket
        /// Nobody answers on the control socket.
        case notServing
        /// The server refused what was asked.
        case refused
        /// The answer makes no sense.
        case badAnswer
    }

    package let code: Code
    /// What happened, where, and what to do.
    package let message: String
    /// The system's own words, where there are any.
    package let underlying: String?

    package init(_ code: Code, _ message: String, underlying: String? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    package var description: String { underlying.map { "\(message) (\($0))" } ?? message }
}
