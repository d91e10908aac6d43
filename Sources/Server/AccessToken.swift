import Values

/// The token that guards API, dashboard and metrics (`WRIT_API_TOKEN`). It never appears in a text.
package struct AccessToken: Sendable, CustomStringConvertible {
    private let digest: [UInt8]

    /// Shorter ones can be guessed.
    package static let minimumLength = 16

    /// Throws for a token that is too short, or that no header can carry.
    package init(_ token: String) throws(ServerError) {
        guard token.utf8.count >= Self.minimumLength else {
            throw ServerError(
                .tokenRequired,
                "WRIT_API_TOKEN is too short: use \(Self.minimumLength) characters or more, as from"
                    + " `openssl rand -hex 32`")
        }
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ServerError(.tokenRequired, "WRIT_API_TOKEN has spaces or characters beyond ASCII in it")
        }
        digest = Self.digest(token)
    }

    package var description: String { "(token)" }

    /// Whether an `Authorization` header shows this token: as `Bearer`, or as the password of `Basic` with any user,
    /// which is what browsers can do.
    func admits(_ authorization: String?) -> Bool {
        guard let authorization, let space = authorization.firstIndex(of: " ") else { return false }
        let credentials = String(authorization[space...].drop { $0 == " " })
        switch authorization[..<space].lowercased() {
        case "bearer": return matches(credentials)
        case "basic":
            guard let pair = Base64.decode(credentials), let colon = pair.firstIndex(of: UInt8(ascii: ":")) else {
                return false
            }
            return matches(String(decoding: pair[pair.index(after: colon)...], as: UTF8.self))
        default: return false
        }
    }

    /// Compares digests to the last byte, so that the time says nothing about the token.
    private func matches(_ other: String) -> Bool {
        let other = Self.digest(other)
        guard other.count == digest.count else { return false }
        return zip(digest, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func digest(_ token: String) -> [UInt8] { Array(Digest(of: token.utf8).text.utf8) }
}

/// Base64 (RFC 4648 section 4) with or without its padding.
enum Base64 {
    /// `nil` for what is not base64.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
            guard let value = value(of: byte) else { return nil }
            buffer = (buffer << 6 | value) & 0xFF_FFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bytes
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
