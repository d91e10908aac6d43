import Crypto
import Values

/// A signature in a header: HMAC over the raw body, as GitHub and most other senders make it.
package struct HMACSignature: Sendable, Hashable {
    package enum Algorithm: String, Sendable, Hashable, CaseIterable {
        case sha256
        case sha512
    }

    package enum Encoding: String, Sendable, Hashable, CaseIterable {
        case hex
        case base64
    }

    package let algorithm: Algorithm
    package let encoding: Encoding
    /// Stands before the encoded bytes, as `sha256=`.
    package let prefix: String

    package init(algorithm: Algorithm = .sha256, encoding: Encoding = .hex, prefix: String = "sha256=") {
        self.algorithm = algorithm
        self.encoding = encoding
        self.prefix = prefix
    }

    /// `X-Hub-Signature-256` (docs.github.com, validating webhook deliveries).
    package static let github = HMACSignature()

    /// The header's value for a body. Throws `badSecret` for an empty secret: anybody could make that signature.
    package func sign(_ body: [UInt8], secret: [UInt8]) throws(OutboundError) -> String {
        guard !secret.isEmpty else { throw OutboundError(.badSecret, "the signing secret is empty") }
        let key = SymmetricKey(data: secret)
        let code: [UInt8] =
            switch algorithm {
            case .sha256: Array(HMAC<SHA256>.authenticationCode(for: body, using: key))
            case .sha512: Array(HMAC<SHA512>.authenticationCode(for: body, using: key))
            }
        return prefix + (encoding == .hex ? Hex.text(code) : Base64.text(code))
    }

    /// Checks a header's value in constant time against each secret (two while one is replaced by another). Empty
    /// secrets match nothing.
    package func verify(_ signature: String?, body: [UInt8], secrets: [[UInt8]]) -> SignatureVerdict {
        guard let signature, !signature.isEmpty else { return .missing }
        guard signature.utf8.starts(with: prefix.utf8) else { return .malformed }
        let encoded = String(decoding: signature.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        let size = algorithm == .sha256 ? 32 : 64
        guard let code = encoding == .hex ? Hex.bytes(encoded) : Base64.bytes(encoded), code.count == size else {
            return .malformed
        }
        var isValid = false
        for secret in secrets where !secret.isEmpty {
            let key = SymmetricKey(data: secret)
            let matches =
                switch algorithm {
                case .sha256: HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
                case .sha512: HMAC<SHA512>.isValidAuthenticationCode(code, authenticating: body, using: key)
                }
            isValid = matches || isValid
        }
        return isValid ? .valid : .wrong
    }
}
