import Crypto
import Values

/// What a commit's signature covers, and the signature: the object without its `gpgsig` header.
package struct CommitSignature: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case ssh, pgp
        case other
    }

    package let signed: [UInt8]
    /// Armoured; outside text.
    package let signature: String
    package let kind: Kind

    /// Nil for a commit that is not signed. Throws `corruptObject` for bytes that are not this commit's, and
    /// `unsupported` for one with several signatures: which of them would count?
    package init?(of commit: [UInt8], id: ObjectID) throws(GitError) {
        let header = Array("commit \(commit.count)\0".utf8)
        guard ObjectID(bytes: Array(Insecure.SHA1.hash(data: header + commit))) == id else {
            throw GitError(.corruptObject, "the commit \(id.shortText) is damaged: its content has another id")
        }
        var signed: [UInt8] = []
        var lines: [ArraySlice<UInt8>] = []
        var count = 0
        var isInside = false
        var rest = commit[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex {
            let line = rest[...end]
            rest = rest[(end + 1)...]
            if isInside, line.first == UInt8(ascii: " ") {
                lines.append(line.dropFirst())
                continue
            }
            isInside = line.starts(with: Array("gpgsig ".utf8)) || line.starts(with: Array("gpgsig-sha256 ".utf8))
            if isInside {
                count += 1
                lines.append(line.drop { $0 != UInt8(ascii: " ") }.dropFirst())
            } else {
                signed += line
            }
        }
        guard count <= 1 else {
            throw GitError(.unsupported, "the commit \(id.shortText) has \(count) signatures, where one is expected")
        }
        guard count == 1 else { return nil }
        self.signed = signed + rest
        signature = String(decoding: lines.joined(), as: UTF8.self)
        kind =
            signature.hasPrefix("-----BEGIN SSH SIGNATURE-----")
            ? .ssh : signature.hasPrefix("-----BEGIN PGP SIGNATURE-----") ? .pgp : .other
    }
}
