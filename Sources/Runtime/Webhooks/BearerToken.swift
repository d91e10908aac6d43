import Outbound

/// A secret that is sent as it is, in `Authorization`.
enum BearerToken {
    /// The scheme's name counts in any case (RFC 9110, section 11.1).
    static func verify(_ request: WebhookRequest, secrets: [[UInt8]]) -> SignatureVerdict {
        guard let value = request.only("Authorization") else {
            return request.withoutOnly("Authorization")
        }
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .malformed }
        return SecretToken.verify(String(parts[1]), secrets: secrets)
    }
}
