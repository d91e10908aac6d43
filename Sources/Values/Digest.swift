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
        let digest = hash.finalize()
        self.text = String(unsafeUninitializedCapacity: Self.prefix.utf8.count + 64) { text in
            var end = text.initialize(fromContentsOf: Self.prefix.utf8)
            for byte in digest {
                text.initializeElement(at: end, to: Self.digit(byte >> 4))
                text.initializeElement(at: end + 1, to: Self.digit(byte & 15))
                end += 2
            }
            return end
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
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
