/// Bytes as `%2F` (RFC 3986, section 2.1).
enum PercentEncoding {
    static func encoded(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
    }

    /// A relative reference to a file: everything but unreserved characters and slashes is encoded.
    static func path(_ path: String) -> String {
        path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"), UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: encoded(byte)
            }
        }.joined()
    }
}
