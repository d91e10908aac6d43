import Values

/// Somebody whose signature on a commit counts: a line as in OpenSSH's `allowed_signers` or a public key file, or a
/// PGP public key block.
package struct SigningKey: SpecText, Hashable {
    package enum Key: Sendable, Hashable {
        case ssh(SSHSigner)
        /// Armoured, one block.
        case pgp(String)
    }

    package let manifestText: String
    package let key: Key

    private static let longest = 64 << 10
    private static let beginning = "-----BEGIN PGP PUBLIC KEY BLOCK-----"

    package static var textShape: TextShape {
        TextShape("an ssh public key, a line of allowed_signers or a PGP public key block", maximumLength: longest)
    }

    package init(manifestText text: String) throws {
        guard text.utf8.count <= Self.longest else {
            throw SpecTextError("a key of over \(Self.longest) bytes is none")
        }
        manifestText = text
        let trimmed = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        if trimmed.hasPrefix(Self.beginning) {
            guard PGPArmour.bytes(trimmed) != nil else {
                throw SpecTextError(
                    "this PGP public key block is damaged", fix: "export it with `gpg --armor --export`")
            }
            key = .pgp(trimmed)
        } else {
            guard !trimmed.contains(where: \.isNewline) else {
                throw SpecTextError("one key is one line, or one PGP public key block")
            }
            key = .ssh(try SSHSigner(line: trimmed))
        }
    }

    /// The keys of a file: a line each, empty ones and those that begin with `#` left out, and PGP blocks.
    package static func list(in file: String) throws -> [SigningKey] {
        var keys: [SigningKey] = []
        var block: [Substring]?
        for line in file.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            guard !line.hasPrefix("-----BEGIN ") || !line.contains("PRIVATE KEY") else {
                throw SpecTextError(
                    "this is a private key", fix: "give the public one, as ~/.ssh/id_ed25519.pub has it")
            }
            if block != nil || line.hasPrefix(beginning) {
                block = (block ?? []) + [line]
                guard line.hasPrefix("-----END PGP PUBLIC KEY BLOCK-----") else { continue }
                keys.append(try SigningKey(manifestText: (block ?? []).joined(separator: "\n")))
                block = nil
            } else {
                let text = line.drop { $0.isWhitespace }
                if !text.isEmpty, !text.hasPrefix("#") { keys.append(try SigningKey(manifestText: String(text))) }
            }
        }
        guard block == nil else { throw SpecTextError("a PGP public key block does not end") }
        return keys
    }
}

/// The armour of PGP (RFC 9580, section 6): Base64 between two lines, with a checksum that may be missing.
package enum PGPArmour {
    package static func bytes(_ text: String) -> [UInt8]? {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            String(line.reversed().drop { $0.isWhitespace }.reversed())
        }[...]
        guard let first = lines.popFirst(), first.hasPrefix("-----BEGIN PGP "), let last = lines.popLast(),
            last == first.replacing("BEGIN", with: "END")
        else { return nil }
        // Headers such as Comment, then an empty line.
        guard let empty = lines.firstIndex(of: "") else { return nil }
        let body = lines[empty...].filter { !$0.isEmpty }
        let content = body.filter { !$0.hasPrefix("=") }.joined()
        let sums = body.filter { $0.hasPrefix("=") }
        guard sums.count <= 1, let bytes = Base64.bytes(content), !bytes.isEmpty else { return nil }
        if let sum = sums.first {
            let value = checksum(bytes)
            guard Base64.bytes(sum.dropFirst()) == [16, 8, 0].map({ UInt8(truncatingIfNeeded: value >> $0) }) else {
                return nil
            }
        }
        return bytes
    }

    /// CRC-24 as RFC 9580 has it.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xB7_04CE
        for byte in bytes {
            value ^= UInt32(byte) << 16
            for _ in 0..<8 {
                value <<= 1
                if value & 0x100_0000 != 0 { value ^= 0x186_4CFB }
            }
        }
        return value & 0xFF_FFFF
    }
}
