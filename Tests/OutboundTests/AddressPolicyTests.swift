import Testing

@testable import Outbound

@Suite("Address policy (fault F120)")
struct AddressPolicyTests {
    @Test(
        "closes what is not public",
        arguments: [
            ("0.0.0.0", "unspecified"), ("0.1.2.3", "unspecified"), ("10.0.0.1", "private"),
            ("10.255.255.255", "private"),
            ("100.64.0.1", "shared (carrier-grade NAT)"), ("100.127.255.255", "shared (carrier-grade NAT)"),
            ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"), ("169.254.169.254", "link-local"),
            ("172.16.0.0", "private"), ("172.31.255.255", "private"), ("192.0.0.8", "reserved for protocols"),
            ("192.0.2.1", "documentation"), ("192.88.99.1", "6to4 relay"), ("192.168.1.1", "private"),
            ("198.19.255.255", "benchmarking"), ("198.51.100.7", "documentation"), ("203.0.113.9", "documentation"),
            ("224.0.0.1", "multicast"), ("239.255.255.255", "multicast"), ("240.0.0.1", "reserved"),
            ("255.255.255.255", "reserved"), ("::", "unspecified"), ("::1", "loopback"),
            ("::ffff:169.254.169.254", "IPv4-mapped"), ("::ffff:8.8.8.8", "IPv4-mapped"),
            ("::7f00:1", "IPv4-compatible"),
            ("64:ff9b::a9fe:a9fe", "NAT64"), ("64:ff9b:1::a00:1", "NAT64"), ("100::1", "discard-only"),
            ("2001::1", "reserved for protocols"), ("2001:1ff::1", "reserved for protocols"),
            ("2001:db8::1", "documentation"), ("2002:7f00:1::", "6to4"), ("3fff:fff::1", "documentation"),
            ("5f00::1", "segment routing"), ("fc00::1", "unique local"), ("fd00::1", "unique local"),
            ("fe80::1", "link-local"), ("fec0::1", "site-local"), ("ff02::1", "multicast"),
            ("4000::1", "not global unicast"),
        ])
    func closed(text: String, word: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy.publicOnly.refusal(of: address) == word)
    }

    @Test(
        "leaves public addresses open, up to the borders of the ranges",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2606:4700::1111", "2a00::1",
            "3ffe:ffff::1",
        ])
    func open(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy.publicOnly.refusal(of: address) == nil)
    }

    @Test(
        "opens private networks on the operator's word",
        arguments: ["127.0.0.1", "10.1.2.3", "172.17.0.2", "192.168.0.9", "100.100.1.1", "::1", "fd12::1", "8.8.8.8"])
    func operatorsWord(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy.allowPrivate.refusal(of: address) == nil)
    }

    @Test(
        "keeps metadata services and impossible destinations closed even then",
        arguments: ["169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "::ffff:127.0.0.1"])
    func stillClosed(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy.allowPrivate.refusal(of: address) != nil)
    }

    @Test("opens exactly the ranges it is given")
    func opening() throws {
        let policy = AddressPolicy(opening: [
            try #require(AddressRange("10.8.0.0/13")), try #require(AddressRange("::1")),
        ])
        let cases = ["10.8.0.0": true, "10.15.255.255": true, "10.16.0.0": false, "::1": true, "127.0.0.1": false]
        for (text, isOpen) in cases {
            let address = try #require(IPAddress(text))
            #expect((policy.refusal(of: address) == nil) == isOpen, "\(text)")
        }
    }

    @Test(
        "reads no malformed range",
        arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0/8", "::/129", "x/8", "::1/", "/8"])
    func malformedRange(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test("reads and writes addresses", arguments: ["192.0.2.1", "2001:db8::1", "::1", "::"])
    func roundTrip(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == text)
    }

    @Test(
        "reads only the full form",
        arguments: ["127.1", "0x7f000001", "2130706433", "1.2.3.4.5", "fe80::1%lo", "[::1]", ""])
    func oddForms(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "gives no advice that cannot help",
        arguments: [("10.0.0.1", "allow private networks"), ("169.254.169.254", "nothing opens")])
    func advice(text: String, words: String) throws {
        let url = try OutboundURL("http://\(text)/x")
        let address = try #require(IPAddress(text))
        let error = #expect(throws: OutboundError.self) { try AddressPolicy.publicOnly.check([address], of: url) }
        #expect(error?.description.contains(words) == true)
    }
}
