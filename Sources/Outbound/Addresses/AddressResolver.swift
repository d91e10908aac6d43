/// Names to addresses. One answer is used for one connection: it is checked, and then connected to as it is.
package protocol AddressResolver: Sendable {
    /// The addresses of `host` in the order of preference, at least one; short and odd forms of IPv4 (`127.1`,
    /// `0x7f000001`) count as names.
    func addresses(of host: String) async throws(OutboundError) -> [IPAddress]
}
