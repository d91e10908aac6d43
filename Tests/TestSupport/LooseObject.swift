/// A loose object's file, made byte by byte: what its header says and what follows need not agree.
package enum LooseObject {
    /// `header` is as in `blob 12`, without the NUL that ends it.
    package static func file(header: String, content: [UInt8]) -> [UInt8] {
        zlib(Array(header.utf8) + [0] + content)
    }

    /// A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4): nothing is compressed.
    package static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            stream.append(rest.isEmpty ? 1 : 0)
            for word in [length, ~length] { stream += [UInt8(word & 0xFF), UInt8(word >> 8)] }
            stream += block
        } while !rest.isEmpty
        let sum = adler32(bytes)
        return stream + [24, 16, 8, 0].map { UInt8(sum >> $0 & 0xFF) }
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }
}
