import Outbound
import Values

/// Why a tool gave no answer. The model is told, and may try something else.
package struct ToolFailure: Error, Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case unknownTool = "unknown-tool"
        case invalidArguments = "invalid-arguments"
        case suspended
        case secret
        /// The arguments make no request that can be sent.
        case badRequest = "bad-request"
        /// The address is one that the tool may not reach.
        case refusedAddress = "refused-address"
        case unreachable
        case timeout
        /// The service answered with an error; `status` says which.
        case httpStatus = "http-status"
        /// The answer is not text.
        case notText = "not-text"
        case cancelled
    }

    package let kind: Kind
    package let message: String
    package let status: Int?
    /// The beginning of what the service said.
    package let body: String?
    /// Whether the same call may succeed later.
    package let isRetryable: Bool
    /// Whether the call may have done what it asks for.
    package let mayHaveArrived: Bool
    /// What the service asked to wait, or for how long it is left alone.
    package let retryAfter: Duration?

    package init(
        _ kind: Kind, _ message: String, status: Int? = nil, body: String? = nil, isRetryable: Bool = false,
        mayHaveArrived: Bool = false, retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.message = message
        self.status = status
        self.body = body
        self.isRetryable = isRetryable
        self.mayHaveArrived = mayHaveArrived
        self.retryAfter = retryAfter
    }

    /// As the model is told: it cannot be taken for an answer (fault H142).
    package var json: JSON {
        var error: JSONMembers = ["type": .string(kind.rawValue), "message": .string(message)]
        error["status"] = status.map { .number(JSONNumber($0)) }
        error["body"] = body.map(JSON.string)
        return ["error": .object(error)]
    }

    func redacted(_ secrets: RunSecrets) -> ToolFailure {
        ToolFailure(
            kind, secrets.redact(message), status: status, body: body.map { secrets.redact($0) },
            isRetryable: isRetryable, mayHaveArrived: mayHaveArrived, retryAfter: retryAfter)
    }
}

extension ToolFailure {
    init(_ error: OutboundError) {
        let kind: Kind =
            switch error.code {
            case .refusedAddress: .refusedAddress
            case .badURL, .badHeader, .badSecret: .badRequest
            case .timeout: .timeout
            case .connect, .tls, .tooLarge, .redirect, .protocol, .circuitOpen: .unreachable
            case .cancelled: .cancelled
            }
        self.init(
            kind, error.message, isRetryable: error.isRetryable, mayHaveArrived: error.mayHaveArrived,
            retryAfter: error.retryAfter)
    }
}
