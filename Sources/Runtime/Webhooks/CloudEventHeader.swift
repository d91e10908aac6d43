import Values

/// The value of an attribute in a header (CloudEvents' HTTP binding, section 3.1.3.2).
enum CloudEventHeader {
    /// Quotes are undone first, which earlier versions of the specification sent, and then percent-encoding, once.
    /// `nil` for what cannot be read.
    static func text(_ value: String) -> String? {
        guard let bytes = unquoted(value.utf8), let decoded = PercentEncoding.decode(bytes: bytes, plusIsSpace: false)
        else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    /// A quoted string without its quotes and backslashes (RFC 7230, section 3.2.6); anything else as it is.
    private static func unquoted(_ value: String.UTF8View) -> [UInt8]? {
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        guard value.first == quote else { return Array(value) }
        var bytes: [UInt8] = []
        var rest = value.dropFirst().makeIterator()
        while let byte = rest.next() {
            switch byte {
            case quote: return rest.next() == nil ? bytes : nil
            case backslash:
                guard let next = rest.next() else { return nil }
                bytes.append(next)
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
