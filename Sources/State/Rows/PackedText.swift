import CLZ4

/// A text as it is stored where it repeats itself: in LZ4's block format. What GitHub sends becomes about a fifth, and what is
/// not written need not be written back, backed up or read either.
struct PackedText: Sendable, Hashable {
    /// LZ4's block format has neither a length nor a checksum of its own.
    let bytes: [UInt8]
    /// Bytes of the text.
    let size: Int

    /// Shorter ones share a page with their row, and save nothing.
    private static let least = 512

    init(bytes: [UInt8], size: Int) {
        self.bytes = bytes
        self.size = size
    }

    /// `nil` where less than an eighth would be saved.
    init?(_ text: [UInt8]) {
        guard text.count >= Self.least, let count = Int32(exactly: text.count) else { return nil }
        let room = count - count / 8
        let packed = [UInt8](unsafeUninitializedCapacity: Int(room)) { buffer, written in
            written = text.withUnsafeBytes { text in
                // 0 where there is not room enough.
                Int(LZ4_compress_default(text.bindMemory(to: CChar.self).baseAddress, Self.chars(buffer), count, room))
            }
        }
        guard !packed.isEmpty else { return nil }
        (bytes, size) = (packed, text.count)
    }

    /// The text; `nil` where the bytes are not what was stored.
    ///
    /// - Parameter limit: bytes of the longest text that can have been stored
    func text(limit: Int = StoredText.longest) -> [UInt8]? {
        guard (1...limit).contains(size), let room = Int32(exactly: size), let count = Int32(exactly: bytes.count)
        else {
            return nil
        }
        let text = [UInt8](unsafeUninitializedCapacity: size) { buffer, written in
            written = bytes.withUnsafeBytes { bytes in
                // Negative where the bytes are damaged; never beyond the room (lz4.h).
                Int(
                    max(
                        LZ4_decompress_safe(
                            bytes.bindMemory(to: CChar.self).baseAddress, Self.chars(buffer), count, room), 0))
            }
        }
        return text.count == size ? text : nil
    }

    private static func chars(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> UnsafeMutablePointer<CChar>? {
        UnsafeMutableRawBufferPointer(buffer).bindMemory(to: CChar.self).baseAddress
    }
}
