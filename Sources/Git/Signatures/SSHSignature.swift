import Crypto
import Values

/// A signature as `ssh-keygen -Y sign` makes it (OpenSSH's PROTOCOL.sshsig).
package struct SSHSignature: Sendable, Hashable {
    /// The key that it says it is by, as ssh sends it.
    package let key: [UInt8]
    private let namespace: String
    private let reserved: [UInt8]
    private let hash: String
    private let signature: [UInt8]

    private static let magic = Array("SSHSIG".utf8)
    /// Of the armoured text.
    private static let longest = 64 << 10
    /// What git signs under.
    private static let namespace = "git"

    /// Nil for what is malformed.
    package init?(armoured text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.count >= 3, lines.first == "-----BEGIN SSH SIGNATURE-----",
            lines.last == "-----END SSH SIGNATURE-----",
            let bytes = Base64.bytes(lines.dropFirst().dropLast().joined())
        else { return nil }
        var wire = SSHWire(bytes)
        guard wire.take(6).map(Array.init) == Self.magic, wire.number() == 1, let key = wire.string(),
            let namespace = wire.text(), let reserved = wire.string(), let hash = wire.text(),
            let signature = wire.string(), wire.isAtEnd
        else { return nil }
        self.key = Array(key)
        self.namespace = namespace
        self.reserved = Array(reserved)
        self.hash = hash
        self.signature = Array(signature)
    }

    /// As OpenSSH shows it.
    package var fingerprint: String { SSHKeyFingerprint.text(ofKey: key) }

    /// Whether it is by its key, over `message`, and made for commits.
    package func isValid(over message: [UInt8]) -> Bool {
        guard namespace == Self.namespace, let digest = digest(of: message), let publicKey = SSHPublicKey(key) else {
            return false
        }
        let parts: [[UInt8]] = [Array(namespace.utf8), reserved, Array(hash.utf8), digest]
        return publicKey.verifies(signature, of: Self.magic + parts.flatMap { SSHWire.string($0) })
    }

    private func digest(of message: [UInt8]) -> [UInt8]? {
        switch hash {
        case "sha256": Array(SHA256.hash(data: message))
        case "sha512": Array(SHA512.hash(data: message))
        default: nil
        }
    }
}
