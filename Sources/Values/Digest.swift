import Crypto

/// The SHA-256 of some bytes, written `sha256:` and 64 lower-case hex digits.
package struct Digest: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    private static let prefix = "sha256:"

    package init(of bytes: some Collection<UInt8>) {
        var hash = SHA256()
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { storage in
            hash.update(bufferPointer: UnsafeRawBufferPointer(storage))
        }
        if isDone == nil {
            Array(bytes).withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        let digits = Array("0123456789abcdef".utf8)
        let hex = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        self.text = Self.prefix + String(decoding: hex, as: UTF8.self)
    }

    /// The digest of the canonical bytes, so that writing a value in another way does not change it.
    package init(of json: JSON) {
        self.init(of: json.canonicalBytes)
    }

    /// Reads what `text` gives; `nil` for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), text.utf8.count == Self.prefix.utf8.count + 64 else { return nil }
        let isHex = text.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
            default: false
            }
        }
        guard isHex else { return nil }
        self.text = text
    }

    package var description: String { text }

    package static func < (left: Digest, right: Digest) -> Bool { left.text < right.text }
}
