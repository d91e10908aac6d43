import Foundation
import Git
import Spec
import TestSupport
import Testing

/// Signatures that `ssh-keygen` and `git commit -S` made; `Fixtures/signatures` holds commits and public keys.
struct SignatureTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/signatures").path

    private func fixture(_ name: String) throws -> [UInt8] {
        Array(try #require(FileManager.default.contents(atPath: "\(Self.directory)/\(name)")))
    }

    private func text(_ name: String) throws -> String { String(decoding: try fixture(name), as: UTF8.self) }

    private func signature(_ name: String) throws -> (CommitSignature, SSHSignature) {
        let bytes = try fixture("\(name).commit")
        let found = try #require(try CommitSignature(of: bytes, id: try id(bytes)))
        return (found, try #require(SSHSignature(armoured: found.signature)))
    }

    private func id(_ commit: [UInt8]) throws -> ObjectID {
        let directory = try TestRepository(bare: true)
        return try directory.repository.writeObject(commit, as: .commit)
    }

    private static let names = ["ed25519", "ecdsa256", "ecdsa384", "ecdsa521", "rsa2048", "rsa3072"]

    @Test(arguments: names) func `what ssh-keygen signed is valid, by the key that it names`(name: String) throws {
        let (commit, ssh) = try signature(name)
        #expect(commit.kind == .ssh)
        #expect(ssh.isValid(over: commit.signed))
        guard case .ssh(let signer) = try SigningKey(manifestText: try text("\(name).pub")).key else {
            Issue.record("no ssh key")
            return
        }
        #expect(signer.key == ssh.key)
        #expect(signer.name == "ada@example.com")
        #expect(ssh.fingerprint.hasPrefix("SHA256:"))
        #expect(ssh.fingerprint.count == 50)
    }

    @Test(arguments: names) func `one other bit in the commit and it is not`(name: String) throws {
        let (commit, ssh) = try signature(name)
        for place in [0, commit.signed.count / 2, commit.signed.count - 1] {
            var changed = commit.signed
            changed[place] ^= 1
            #expect(!ssh.isValid(over: changed))
        }
    }

    /// Every bit of the whole armour: none of them may pass for the same signature, and none may trap.
    @Test(arguments: names) func `one other bit in the signature and it is not`(name: String) throws {
        let bytes = try fixture("\(name).commit")
        let commit = try #require(try CommitSignature(of: bytes, id: try id(bytes)))
        let lines = commit.signature.split(separator: "\n")
        let body = try #require(Data(base64Encoded: lines.dropFirst().dropLast().joined()))
        for place in stride(from: 0, to: body.count, by: name.hasPrefix("rsa") ? 7 : 3) {
            var changed = body
            changed[place] ^= 0x04
            let armour =
                "-----BEGIN SSH SIGNATURE-----\n\(changed.base64EncodedString())\n-----END SSH SIGNATURE-----\n"
            guard let parsed = SSHSignature(armoured: armour) else { continue }
            #expect(!parsed.isValid(over: commit.signed), "byte \(place)")
        }
    }

    @Test func `another hash is valid, another namespace is not`() throws {
        let message = Array(
            "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n"
                .utf8)
        let other = try #require(SSHSignature(armoured: try text("sha256.sig")))
        #expect(other.isValid(over: message))
        let file = try #require(SSHSignature(armoured: try text("namespace-file.sig")))
        #expect(!file.isValid(over: message))
    }

    @Test(arguments: [
        "", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAf////8=\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----\n%%%%\n-----END SSH SIGNATURE-----\n",
    ]) func `what is malformed is none`(armour: String) {
        #expect(SSHSignature(armoured: armour) == nil)
    }

    @Test func `a commit without a signature has none, and one of PGP says so`() throws {
        let unsigned = try fixture("unsigned.commit")
        #expect(try CommitSignature(of: unsigned, id: try id(unsigned)) == nil)
        let pgp = try fixture("pgp.commit")
        #expect(try CommitSignature(of: pgp, id: try id(pgp))?.kind == .pgp)
    }

    @Test func `the bytes of another commit are refused`() throws {
        let bytes = try fixture("ed25519.commit")
        let error = #expect(throws: GitError.self) { try CommitSignature(of: bytes, id: .zero) }
        #expect(error?.code == .corruptObject)
    }

    @Test func `two signatures are refused, whichever is good`() throws {
        let good = try text("ed25519.commit")
        let start = try #require(good.firstRange(of: "gpgsig"))
        let end = try #require(good.firstRange(of: "\n\n"))
        let twice = Array((good[..<end.lowerBound] + "\n" + good[start.lowerBound...]).utf8)
        let error = #expect(throws: GitError.self) { try CommitSignature(of: twice, id: try id(twice)) }
        #expect(error?.code == .unsupported)
    }

    @Test func `what looks like a signature in the message is none`() throws {
        let text = try text("unsigned.commit") + "\ngpgsig -----BEGIN SSH SIGNATURE-----\n x\n"
        #expect(try CommitSignature(of: Array(text.utf8), id: try id(Array(text.utf8))) == nil)
    }
}
