/// Addresses that are no public destination, with the word for them (IANA special-purpose registries, RFC 6890 and its
/// followers; fault F120).
enum SpecialRanges {
    static func name(of address: IPAddress) -> String? {
        let table = address.isIPv4 ? ipv4 : ipv6
        if let row = table.first(where: { $0.range.contains(address) }) { return row.name }
        if !address.isIPv4 && !globalUnicast.contains(address) { return "not global unicast" }
        return nil
    }

    static let ipv4: [(range: AddressRange, name: String)] = [
        (.v4(0, 0, 0, 0, bits: 8), "unspecified"),
        (.v4(10, 0, 0, 0, bits: 8), "private"),
        (.v4(100, 64, 0, 0, bits: 10), "shared (carrier-grade NAT)"),
        (.v4(127, 0, 0, 0, bits: 8), "loopback"),
        (.v4(169, 254, 0, 0, bits: 16), "link-local"),
        (.v4(172, 16, 0, 0, bits: 12), "private"),
        (.v4(192, 0, 0, 0, bits: 24), "reserved for protocols"),
        (.v4(192, 0, 2, 0, bits: 24), "documentation"),
        (.v4(192, 88, 99, 0, bits: 24), "6to4 relay"),
        (.v4(192, 168, 0, 0, bits: 16), "private"),
        (.v4(198, 18, 0, 0, bits: 15), "benchmarking"),
        (.v4(198, 51, 100, 0, bits: 24), "documentation"),
        (.v4(203, 0, 113, 0, bits: 24), "documentation"),
        (.v4(224, 0, 0, 0, bits: 4), "multicast"),
        (.v4(240, 0, 0, 0, bits: 4), "reserved"),
    ]

    /// All that is in use of IPv6; the rows below name what is special inside and outside of it.
    static let globalUnicast = AddressRange.v6(0x2000, bits: 3)

    static let ipv6: [(range: AddressRange, name: String)] = [
        (.v6(bits: 128), "unspecified"),
        (.v6(0, 0, 0, 0, 0, 0, 0, 1, bits: 128), "loopback"),
        (.v6(0, 0, 0, 0, 0, 0xffff, bits: 96), "IPv4-mapped"),
        (.v6(bits: 96), "IPv4-compatible"),
        (.v6(0x64, 0xff9b, bits: 96), "NAT64"),
        (.v6(0x64, 0xff9b, 1, bits: 48), "NAT64"),
        (.v6(0x100, bits: 64), "discard-only"),
        (.v6(0x2001, 0xdb8, bits: 32), "documentation"),
        // Teredo, benchmarking, ORCHID and the rest of what the IETF keeps for protocols.
        (.v6(0x2001, bits: 23), "reserved for protocols"),
        (.v6(0x2002, bits: 16), "6to4"),
        (.v6(0x3fff, bits: 20), "documentation"),
        (.v6(0x5f00, bits: 16), "segment routing"),
        (.v6(0xfc00, bits: 7), "unique local"),
        (.v6(0xfe80, bits: 10), "link-local"),
        (.v6(0xfec0, bits: 10), "site-local"),
        (.v6(0xff00, bits: 8), "multicast"),
    ]
}
