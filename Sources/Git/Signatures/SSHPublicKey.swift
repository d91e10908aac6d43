import Crypto
import CryptoExtras
import Foundation

/// A public key of ssh (RFC 4253, 5656, 8709), as far as commits are signed with such.
enum SSHPublicKey {
    case ed25519(Curve25519.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case rsa(_RSA.Signing.PublicKey, bytes: Int)

    /// Nil for a key that is malformed, of another kind, or too short to be trusted.
    init?(_ blob: [UInt8]) {
        var wire = SSHWire(blob)
        guard let type = wire.text(), let key = Self.key(type, &wire), wire.isAtEnd else { return nil }
        self = key
    }

    private static func key(_ type: String, _ wire: inout SSHWire) -> SSHPublicKey? {
        switch type {
        case "ssh-ed25519":
            return wire.string().flatMap { try? .ed25519(Curve25519.Signing.PublicKey(rawRepresentation: Array($0))) }
        case "ecdsa-sha2-nistp256":
            return point("nistp256", &wire).flatMap { try? .p256(P256.Signing.PublicKey(x963Representation: $0)) }
        case "ecdsa-sha2-nistp384":
            return point("nistp384", &wire).flatMap { try? .p384(P384.Signing.PublicKey(x963Representation: $0)) }
        case "ecdsa-sha2-nistp521":
            return point("nistp521", &wire).flatMap { try? .p521(P521.Signing.PublicKey(x963Representation: $0)) }
        case "ssh-rsa":
            // 2,048 bits is the least that the library takes.
            guard let exponent = wire.magnitude(), let modulus = wire.magnitude(), modulus.count <= 2_048 else {
                return nil
            }
            return try? .rsa(
                _RSA.Signing.PublicKey(n: Array(modulus), e: Array(exponent)), bytes: modulus.count)
        default: return nil
        }
    }

    private static func point(_ curve: String, _ wire: inout SSHWire) -> [UInt8]? {
        wire.text() == curve ? wire.string().map(Array.init) : nil
    }

    /// Whether a signature, as ssh sends it, is by this key over `message`.
    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        var wire = SSHWire(signature)
        guard let type = wire.text(), let bytes = wire.string(), wire.isAtEnd else { return false }
        switch (self, type) {
        case (.ed25519(let key), "ssh-ed25519"):
            return key.isValidSignature(Data(bytes), for: Data(message))
        case (.p256(let key), "ecdsa-sha2-nistp256"):
            guard let raw = Self.pair(bytes, 32), let pair = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
            else { return false }
            return key.isValidSignature(pair, for: Data(message))
        case (.p384(let key), "ecdsa-sha2-nistp384"):
            guard let raw = Self.pair(bytes, 48), let pair = try? P384.Signing.ECDSASignature(rawRepresentation: raw)
            else { return false }
            return key.isValidSignature(pair, for: Data(message))
        case (.p521(let key), "ecdsa-sha2-nistp521"):
            guard let raw = Self.pair(bytes, 66), let pair = try? P521.Signing.ECDSASignature(rawRepresentation: raw)
            else { return false }
            return key.isValidSignature(pair, for: Data(message))
        case (.rsa(let key, let length), "rsa-sha2-256"):
            return Self.rsa(bytes, length).map {
                key.isValidSignature($0, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
            } ?? false
        case (.rsa(let key, let length), "rsa-sha2-512"):
            return Self.rsa(bytes, length).map {
                key.isValidSignature($0, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
            } ?? false
        default:
            // Among them ssh-rsa, which is SHA-1.
            return false
        }
    }

    /// The two numbers of an ECDSA signature, each of them filled up to the width of the curve.
    private static func pair(_ bytes: ArraySlice<UInt8>, _ width: Int) -> [UInt8]? {
        var wire = SSHWire(bytes)
        guard let r = wire.magnitude(), let s = wire.magnitude(), wire.isAtEnd, r.count <= width, s.count <= width
        else {
            return nil
        }
        func filled(_ number: ArraySlice<UInt8>) -> [UInt8] {
            [UInt8](repeating: 0, count: width - number.count) + number
        }
        return filled(r) + filled(s)
    }

    private static func rsa(_ bytes: ArraySlice<UInt8>, _ length: Int) -> _RSA.Signing.RSASignature? {
        guard bytes.count <= length else { return nil }
        return _RSA.Signing.RSASignature(
            rawRepresentation: [UInt8](repeating: 0, count: length - bytes.count) + bytes)
    }
}
