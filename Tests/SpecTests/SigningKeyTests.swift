import Spec
import Testing
import Values

struct SigningKeyTests {
    private static let ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGrCI+QRsHcfHb8uP+uYwLmOAOqLEAN6LCF9RoEmgbkF"

    private func ssh(_ line: String) throws -> SSHSigner? {
        if case .ssh(let signer) = try SigningKey(manifestText: line).key { signer } else { nil }
    }

    @Test(arguments: [
        (ed25519, "ssh-ed25519"), ("\(ed25519) ada@example.com", "ada@example.com"),
        ("ada@example.com,eve@example.com \(ed25519)", "ada@example.com,eve@example.com"),
        ("* namespaces=\"git,file\" \(ed25519) laptop", "*"),
        ("ada@example.com namespaces=\"*\" \(ed25519)", "ada@example.com"),
        ("ada namespaces=\"file,g?*t\" \(ed25519)", "ada"), ("ada namespaces=\"!file,gi?\" \(ed25519)", "ada"),
    ]) func `a public key and a line of allowed_signers are read`(line: String, name: String) throws {
        let signer = try #require(try ssh(line))
        #expect(signer.name == name)
        #expect(signer.type == "ssh-ed25519")
        #expect(signer.key.count == 51)
    }

    @Test func `a line may say when it counts`() throws {
        let line = "ada@example.com valid-after=\"20260101Z\",valid-before=20260201120000Z \(Self.ed25519)"
        let signer = try #require(try ssh(line))
        #expect(signer.validAfter == Instant(rfc3339: "2026-01-01T00:00:00Z"))
        #expect(signer.validBefore == Instant(rfc3339: "2026-02-01T12:00:00Z"))
    }

    @Test(arguments: [
        "", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 !!!!",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGrCI+QRsHcfHb8uP+uYwLmO",
        "ssh-dss AAAAB3NzaC1kc3MAAACBAK", "ada cert-authority \(ed25519)", "ada namespaces=\"file\" \(ed25519)",
        "ada namespaces=\"*,!git\" \(ed25519)", "ada namespaces=\"!g*,git\" \(ed25519)",
        "ada namespaces=\"git?\" \(ed25519)", "ada namespaces=\"!file\" \(ed25519)",
        "ada valid-after=20260101 \(ed25519)", "ada valid-after=20261301Z \(ed25519)", "ada \"open \(ed25519)",
        "\(ed25519)\n\(ed25519)",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n=AAAA\n-----END PGP PUBLIC KEY BLOCK-----",
    ]) func `what is no key that counts is refused`(line: String) {
        #expect(throws: SpecTextError.self) { try SigningKey(manifestText: line) }
    }

    /// As `ssh-keygen -t rsa` writes it, with a modulus of so many bits.
    private static func rsa(bits: Int) -> String {
        func string(_ bytes: [UInt8]) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
        }
        let modulus = [UInt8(1 << ((bits - 1) % 8))] + [UInt8](repeating: 0xAB, count: (bits - 1) / 8)
        let signed = (bits % 8 == 0 ? [0] : []) + modulus
        return "ssh-rsa \(Base64.text(string(Array("ssh-rsa".utf8)) + string([1, 0, 1]) + string(signed))) ada"
    }

    @Test func `an RSA key is long enough to count, or refused`() throws {
        #expect(try ssh(Self.rsa(bits: 2_048))?.type == "ssh-rsa")
        #expect(try ssh(Self.rsa(bits: 3_072))?.name == "ada")
        let error = #expect(throws: SpecTextError.self) { try SigningKey(manifestText: Self.rsa(bits: 2_047)) }
        #expect(error?.message == "this RSA key has 2047 bits, and nothing signed with fewer than 2048 counts")
        #expect(error?.fix?.contains("ssh-keygen -t ed25519") == true)
        let cut = String(Self.rsa(bits: 2_048).split(separator: " ")[1].prefix(120))
        #expect(throws: SpecTextError.self) { try SigningKey(manifestText: "ssh-rsa \(cut)") }
    }

    @Test func `a file holds lines, comments and blocks`() throws {
        let block = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----"
        let keys = try SigningKey.list(
            in: "# Who may\n\n\(Self.ed25519) ada\n  \(block)\n\(block)\r\n".replacing("  ", with: ""))
        #expect(keys.count == 3)
        #expect(throws: SpecTextError.self) { try SigningKey.list(in: "-----BEGIN PGP PUBLIC KEY BLOCK-----\nAAAA\n") }
    }
}
