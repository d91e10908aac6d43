import Crypto
import Values

/// Signatures of Standard Webhooks 1.0 (standardwebhooks.com): `webhook-id`, `webhook-timestamp`, `webhook-signature`.
package struct StandardWebhooks: Sendable {
    private let keys: [SymmetricKey]
    private let publicKeys: [Curve25519.Signing.PublicKey]

    /// How far a timestamp may be from now, each way.
    package static let tolerance: Duration = .seconds(300)

    /// - Parameter secrets: `whsec_` and base64 of 24 to 64 bytes; several while one is replaced by another.
    package init(secrets: [String]) throws(OutboundError) {
        guard !secrets.isEmpty else { throw OutboundError(.badSecret, "there is no webhook secret to sign with") }
        var keys: [SymmetricKey] = []
        for secret in secrets { keys.append(SymmetricKey(data: try Self.decode(secret))) }
        self.keys = keys
        publicKeys = []
    }

    /// For checking only.
    ///
    /// - Parameter texts: `whsec_` secrets as above, or `whpk_` and base64 of the 32 bytes of an ed25519 public key
    package init(verifying texts: [String]) throws(OutboundError) {
        var keys: [SymmetricKey] = []
        var publicKeys: [Curve25519.Signing.PublicKey] = []
        for text in texts {
            guard text.hasPrefix("whpk_") else {
                keys.append(SymmetricKey(data: try Self.decode(text)))
                continue
            }
            guard let bytes = Base64.bytes(text.dropFirst(5)),
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
            else {
                throw OutboundError(.badSecret, "the public key is not base64 of 32 bytes after whpk_")
            }
            publicKeys.append(key)
        }
        guard !keys.isEmpty || !publicKeys.isEmpty else {
            throw OutboundError(.badSecret, "there is no webhook secret to check with")
        }
        self.keys = keys
        self.publicKeys = publicKeys
    }

    /// The bytes of a secret. The prefix may be missing, as in the reference libraries.
    private static func decode(_ secret: String) throws(OutboundError) -> [UInt8] {
        let form = "write whsec_ and the base64 of 24 to 64 random bytes"
        guard !secret.hasPrefix("whsk_"), !secret.hasPrefix("whpk_") else {
            throw OutboundError(.badSecret, "the webhook secret is an asymmetric key, which is not supported; \(form)")
        }
        let encoded = secret.hasPrefix("whsec_") ? secret.dropFirst(6) : secret[...]
        guard let bytes = Base64.bytes(encoded) else {
            throw OutboundError(.badSecret, "the webhook secret is not base64 after whsec_; \(form)")
        }
        guard (24...64).contains(bytes.count) else {
            throw OutboundError(.badSecret, "the webhook secret has \(bytes.count) bytes; \(form)")
        }
        return bytes
    }

    /// The value of `webhook-signature`: one signature for each secret.
    package func sign(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let content = Self.content(id, String(timestamp), body)
        return keys.map { "v1," + Base64.text(HMAC<SHA256>.authenticationCode(for: content, using: $0)) }
            .joined(separator: " ")
    }

    /// The three headers of a message sent at `now`. `id` stays the same for every attempt.
    package func headers(id: String, now: Instant, body: [UInt8]) -> [(String, String)] {
        [
            ("webhook-id", id),
            ("webhook-timestamp", String(now.seconds)),
            ("webhook-signature", sign(id: id, timestamp: now.seconds, body: body)),
        ]
    }

    /// Checks what a message carries, in constant time, over its raw body: `v1` with secrets, `v1a` with public keys.
    /// Signatures of other versions are passed over.
    package func verify(
        id: String?, timestamp: String?, signature: String?, body: [UInt8], now: Instant,
        tolerance: Duration = StandardWebhooks.tolerance
    ) -> SignatureVerdict {
        guard let id, let timestamp, let signature, !id.isEmpty, !timestamp.isEmpty, !signature.isEmpty else {
            return .missing
        }
        guard id.utf8.count <= 256, signature.utf8.count <= 4096, (1...12).contains(timestamp.utf8.count),
            timestamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(timestamp)
        else { return .malformed }
        let codes = signature.split(separator: " ").compactMap { entry in
            entry.hasPrefix("v1,") ? Base64.bytes(entry.dropFirst(3)) : nil
        }
        let signatures = signature.split(separator: " ").compactMap { entry in
            entry.hasPrefix("v1a,") ? Base64.bytes(entry.dropFirst(4)) : nil
        }
        guard !codes.isEmpty || !signatures.isEmpty else { return .malformed }
        let content = Self.content(id, timestamp, body)
        var isValid = false
        for key in keys {
            for code in codes {
                let matches = HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: content, using: key)
                isValid = matches || isValid
            }
        }
        for key in publicKeys {
            isValid = signatures.contains { key.isValidSignature($0, for: content) } || isValid
        }
        guard isValid else { return .wrong }
        let distance = (now.seconds - seconds).magnitude
        return distance <= max(tolerance.milliseconds, 0).magnitude / 1_000 ? .valid : .expired
    }

    private static func content(_ id: String, _ timestamp: String, _ body: [UInt8]) -> [UInt8] {
        Array(id.utf8) + [UInt8(ascii: ".")] + Array(timestamp.utf8) + [UInt8(ascii: ".")] + body
    }
}
