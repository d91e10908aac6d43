import Git
import Spec
import State
import Values

/// Whether a commit is signed by somebody whose signature counts. Who that is says the operator, or `verify` of the
/// applied `writ.yaml`: never the commit that is judged (DESIGN.md rule 9).
struct SignatureCheck {
    private let repository: SourceRepository
    /// By the operator's word.
    private let chosen: [SigningKey]?
    private let applied: AppliedHead

    private static let limit = 4 << 20

    /// Throws for a file of keys that cannot be read.
    init(_ configuration: Configuration, _ applied: AppliedHead) throws {
        repository = configuration.repository
        self.applied = applied
        chosen = try configuration.signersFile.map(Self.keys)
    }

    /// The keys of a file. Throws where it cannot be read, or holds none.
    static func keys(in path: String) throws -> [SigningKey] {
        guard let bytes = SmallFile.read(path, limit: Self.limit) else {
            throw CommandFailure("--verify: `\(path)` \(SmallFile.problem(path, limit: Self.limit))")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("--verify: `\(path)` is no text")
        }
        let keys: [SigningKey]
        do {
            keys = try SigningKey.list(in: text)
        } catch let error as SpecTextError {
            let fix = error.fix.map { "; \($0)" } ?? ""
            throw CommandFailure("--verify: \(escapedForDisplay(path)): \(error.message)\(fix)")
        }
        guard !keys.isEmpty else { throw CommandFailure("--verify: \(escapedForDisplay(path)) holds no key") }
        return keys
    }

    /// Nil where the commit may be applied; otherwise why not.
    func problem(_ id: ObjectID) throws -> String? {
        guard let keys = chosen ?? applied.settings(for: id.text)?.verify?.keys else { return nil }
        switch try verdict(id, keys) {
        case .signed: return nil
        case .refused(let why):
            return "`verify` asks for a signature of commit \(id.shortText) by a listed key: \(why)"
        }
    }

    private enum Verdict {
        case signed
        case refused(String)
    }

    private func verdict(_ id: ObjectID, _ keys: [SigningKey]) throws -> Verdict {
        let bytes = try repository.commitBytes(id)
        let signature: CommitSignature?
        do {
            signature = try CommitSignature(of: bytes, id: id)
        } catch {
            guard error.code == .unsupported else { throw error }
            return .refused(error.message)
        }
        guard let signature else { return .refused("it is not signed") }
        switch signature.kind {
        case .ssh: return try ssh(signature, of: id, keys)
        case .pgp: return try pgp(signature, keys)
        case .other: return .refused("it is signed in a form that is neither ssh's nor PGP's")
        }
    }

    private func ssh(_ signature: CommitSignature, of id: ObjectID, _ keys: [SigningKey]) throws -> Verdict {
        let time = try repository.commit(id).time
        guard let parsed = SSHSignature(armoured: signature.signature) else {
            return .refused("its ssh signature is malformed")
        }
        let signers = keys.compactMap { key in
            if case .ssh(let signer) = key.key, signer.key == parsed.key { signer } else { SSHSigner?.none }
        }
        guard !signers.isEmpty else { return .refused("it is signed by \(parsed.fingerprint), which is not listed") }
        // Of a line with times: as git asks for them, when the commit was made.
        guard signers.contains(where: { $0.isValid(at: time) }) else {
            return .refused("the key \(parsed.fingerprint) did not count at \(time.rfc3339)")
        }
        // The date is the signer's own word.
        let now = SystemTime.now()
        if !signers.contains(where: { $0.isValid(at: time) && $0.isValid(at: now) }),
            let earlier = try backdated(id, time)
        {
            return .refused(
                "the key \(parsed.fingerprint) does not count any more, and the commit is dated \(time.rfc3339), before"
                    + " commit \(earlier.shortText) from which it goes on")
        }
        guard parsed.isValid(over: signature.signed) else {
            return .refused("the signature by \(parsed.fingerprint) is not valid for it")
        }
        return .signed
    }

    /// How far the clocks of two authors may be apart.
    private static let tolerance = Duration.seconds(3_600)

    /// The applied commit, where one that goes on from it is dated before it.
    private func backdated(_ id: ObjectID, _ time: Instant) throws -> ObjectID? {
        guard let last = applied.revision.flatMap({ ObjectID($0.commit) }), last != id,
            let lastTime = try? repository.commit(last).time, time.advanced(by: Self.tolerance) < lastTime,
            try repository.isAncestor(last, of: id)
        else { return nil }
        return last
    }

    private func pgp(_ signature: CommitSignature, _ keys: [SigningKey]) throws -> Verdict {
        let blocks = keys.compactMap { key in
            if case .pgp(let block) = key.key { PGPArmour.bytes(block) } else { nil }
        }
        guard !blocks.isEmpty else { return .refused("it is signed with PGP, and no PGP key is listed") }
        let answer = try GPGVerifier(keyring: blocks.flatMap(\.self)).verify(
            signature.signed, signature: Array(signature.signature.utf8))
        switch answer {
        case .good: return .signed
        case .bad(let why): return .refused(why)
        }
    }
}

extension SSHSigner {
    fileprivate func isValid(at time: Instant) -> Bool {
        if let validAfter, time < validAfter { return false }
        if let validBefore, time >= validBefore { return false }
        return true
    }
}
