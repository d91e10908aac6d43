import Crypto
import Foundation
import Git
import Values

/// Somebody who signs commits as `ssh-keygen -Y sign` does, with a key of their own that is the same in every run.
package struct TestSigner: Sendable {
    private let seed: UInt8

    package init(_ seed: UInt8) { self.seed = seed }

    private var key: Curve25519.Signing.PrivateKey {
        get throws { try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: seed, count: 32)) }
    }

    private var blob: [UInt8] {
        get throws { Self.string("ssh-ed25519".utf8) + Self.string(Array(try key.publicKey.rawRepresentation)) }
    }

    /// As in a `.pub` file.
    package var publicKey: String {
        get throws { "ssh-ed25519 \(Data(try blob).base64EncodedString()) signer-\(seed)@example.com" }
    }

    /// Armoured.
    package func sign(_ message: [UInt8], namespace: String = "git") throws -> String {
        let tail = Self.string(namespace.utf8) + Self.string([]) + Self.string("sha512".utf8)
        let covered =
            Array("SSHSIG".utf8) + tail + Self.string(Array(SHA512.hash(data: message)))
        let signature =
            Self.string("ssh-ed25519".utf8) + Self.string(Array(try key.signature(for: Data(covered))))
        let bytes = Array("SSHSIG".utf8) + [0, 0, 0, 1] + Self.string(try blob) + tail + Self.string(signature)
        let text = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN SSH SIGNATURE-----\n\(text)\n-----END SSH SIGNATURE-----\n"
    }

    private static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }
}

extension TestRepository {
    /// Puts a signature into a commit, and moves the branch that names it to the signed one.
    @discardableResult
    package func sign(_ id: ObjectID, by signer: TestSigner, branch: String = "main") throws -> ObjectID {
        let bytes = try repository.commitBytes(id)
        let signature = try signer.sign(bytes)
        let signed = try repository.writeObject(Self.with(signature, bytes), as: .commit)
        try self.branch(branch, at: signed)
        return signed
    }

    /// A commit object with a header of several lines before its message.
    private static func with(_ signature: String, _ commit: [UInt8]) -> [UInt8] {
        let text = String(decoding: commit, as: UTF8.self)
        guard let end = text.firstRange(of: "\n\n") else { return commit }
        let lines = signature.split(separator: "\n").joined(separator: "\n ")
        return Array("\(text[..<end.lowerBound])\ngpgsig \(lines)\(text[end.lowerBound...])".utf8)
    }
}
