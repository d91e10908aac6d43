import Crypto

/// Secrets that are sent as they are: bearer tokens, Telegram's secret token.
package enum SecretToken {
    /// Whether a token is one of `secrets`, in a time that tells nothing about where they differ. Empty secrets match
    /// nothing.
    package static func verify(_ token: String?, secrets: [[UInt8]]) -> SignatureVerdict {
        guard let token, !token.isEmpty else { return .missing }
        let given = SHA256.hash(data: Array(token.utf8))
        var isValid = false
        for secret in secrets where !secret.isEmpty {
            // The digests have one length, and swift-crypto compares them in constant time.
            let matches = SHA256.hash(data: secret) == given
            isValid = matches || isValid
        }
        return isValid ? .valid : .wrong
    }
}
