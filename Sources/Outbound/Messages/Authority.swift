/// The part of a URL between `//` and the path: a host and perhaps a port.
struct Authority {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// `nil` where host or port are malformed; an error where a better word can be said.
    func read(defaultPort: Int) throws(OutboundError) -> (host: String, port: Int)? {
        guard !bytes.contains(UInt8(ascii: "@")) else {
            throw OutboundError(.badURL, "the URL has a user name or password before its host; use a header instead")
        }
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            throw OutboundError(.badURL, "the URL's host has letters beyond ASCII; write it in its xn-- form")
        }
        let hostEnd: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = bracket + 1
        } else {
            hostEnd = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        }
        guard let host = Self.host(bytes[..<hostEnd]) else { return nil }
        let rest = bytes[hostEnd...]
        guard let colon = rest.first else { return (host, defaultPort) }
        guard colon == UInt8(ascii: ":") else { return nil }
        let digits = rest.dropFirst()
        if digits.isEmpty { return (host, defaultPort) }
        guard digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else { return nil }
        return (host, port)
    }

    /// A name of at most 253 characters in labels of at most 63, or an IPv6 address in brackets.
    private static func host(_ bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), let address = IPAddress(String(text.dropFirst().dropLast())), !address.isIPv4
            else { return nil }
            return address.description
        }
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard name.utf8.count <= 253 else { return nil }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
        return isName ? name : nil
    }
}
