/// The addresses that begin with the same bits.
package struct AddressRange: Sendable, Hashable {
    private let prefix: [UInt8]
    private let bits: Int

    /// Reads `10.0.0.0/8` or `fd00::/8`; a single address is a range of one.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        let all = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(prefix: address.bytes, bits: all)
            return
        }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
            (0...all).contains(bits)
        else { return nil }
        self.init(prefix: address.bytes, bits: bits)
    }

    private init(prefix: [UInt8], bits: Int) {
        self.prefix = prefix
        self.bits = bits
    }

    /// `.v4(10, 0, 0, 0, bits: 8)`.
    static func v4(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8, bits: Int) -> AddressRange {
        AddressRange(prefix: [first, second, third, fourth], bits: min(max(bits, 0), 32))
    }

    /// `.v6(0x2001, 0xdb8, bits: 32)`: the first groups of an address, the others being 0.
    static func v6(_ groups: UInt16..., bits: Int) -> AddressRange {
        let bytes = groups.prefix(8).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        return AddressRange(prefix: bytes + Array(repeating: 0, count: 16 - bytes.count), bits: min(max(bits, 0), 128))
    }

    package func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == prefix.count else { return false }
        var left = bits
        for (mine, other) in zip(prefix, address.bytes) {
            if left <= 0 { return true }
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            guard mine & mask == other & mask else { return false }
            left -= 8
        }
        return true
    }
}
