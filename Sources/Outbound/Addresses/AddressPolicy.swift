/// Which addresses a request may connect to: the public ones, and those that were opened.
package struct AddressPolicy: Sendable, Hashable {
    private let opened: [AddressRange]

    /// Opens these ranges in addition to all public addresses.
    package init(opening ranges: [AddressRange]) {
        opened = ranges
    }

    /// What a manifest gets: no host of an internal network, no metadata service (fault F120).
    package static let publicOnly = AddressPolicy(opening: [])

    /// The operator's word: loopback and private networks are open too.
    ///
    /// Link-local addresses stay closed, as nothing but a cloud's metadata service, with its keys, answers there.
    package static let allowPrivate = AddressPolicy(opening: [
        .v4(10, 0, 0, 0, bits: 8),
        .v4(100, 64, 0, 0, bits: 10),
        .v4(127, 0, 0, 0, bits: 8),
        .v4(172, 16, 0, 0, bits: 12),
        .v4(192, 168, 0, 0, bits: 16),
        .v6(0, 0, 0, 0, 0, 0, 0, 1, bits: 128),
        .v6(0xfc00, bits: 7),
    ])

    /// The word for the range that closes `address`, or `nil` where it is open.
    package func refusal(of address: IPAddress) -> String? {
        if opened.contains(where: { $0.contains(address) }) { return nil }
        return SpecialRanges.name(of: address)
    }

    /// Throws `refusedAddress` unless every address is open: a name with one closed address is not trusted at all, so
    /// that no answer of a name server can mix them (fault F121).
    func check(_ addresses: [IPAddress], of url: OutboundURL) throws(OutboundError) {
        for address in addresses {
            guard let word = refusal(of: address) else { continue }
            let host = url.host == address.description ? "" : " (\(url.host))"
            let advice =
                Self.allowPrivate.refusal(of: address) == nil
                ? "where that is meant, allow private networks for it" : "nothing opens such an address"
            throw OutboundError(
                .refusedAddress,
                "\(url.origin) is not called: the address \(address)\(host) is \(word), not public; \(advice)")
        }
    }
}
