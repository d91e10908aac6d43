/// What may stand in the head of a request (RFC 9110, sections 5.5, 5.6.2 and 9.1; fault F124).
enum HeaderCheck {
    /// Set by the client alone: they say where a message goes, where it ends and how it is encoded.
    static let reserved: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]
    /// Bytes of all names and values together; servers refuse more than about this.
    static let byteLimit = 64 << 10

    static func check(method: String) throws(OutboundError) {
        guard (1...32).contains(method.utf8.count), method.utf8.allSatisfy({ isToken($0) }) else {
            throw OutboundError(.badHeader, "the HTTP method is not a token such as GET or POST")
        }
        guard method.uppercased() != "CONNECT", method.uppercased() != "TRACE" else {
            throw OutboundError(.badHeader, "the HTTP method \(method.uppercased()) is not supported")
        }
    }

    static func check(_ headers: [(String, String)]) throws(OutboundError) {
        var total = 0
        for (name, value) in headers {
            guard (1...256).contains(name.utf8.count), name.utf8.allSatisfy({ isToken($0) }) else {
                throw OutboundError(
                    .badHeader, "a header name is empty, too long or has characters other than a-z 0-9 -")
            }
            guard !reserved.contains(name.lowercased()) else {
                throw OutboundError(
                    .badHeader, "the header \(name) cannot be set: it is the client's own; leave it out")
            }
            guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw OutboundError(
                    .badHeader, "the value of the header \(name) has a line break or another control character")
            }
            total += name.utf8.count + value.utf8.count
        }
        guard total <= byteLimit else {
            throw OutboundError(.badHeader, "the headers are \(total) bytes; at most \(byteLimit) are sent")
        }
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
