import Values

/// A body of `application/x-www-form-urlencoded` (WHATWG URL, section 5.1).
struct FormBody {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The decoded value of the only field with this name; `nil` if there is none, several, or it is malformed.
    func value(of name: String) -> [UInt8]? {
        let fields = bytes.split(separator: UInt8(ascii: "&")).compactMap { field -> ArraySlice<UInt8>? in
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, PercentEncoding.decode(bytes: parts[0], plusIsSpace: true) == Array(name.utf8)
            else { return nil }
            return parts[1]
        }
        guard fields.count == 1, let field = fields.first else { return nil }
        return PercentEncoding.decode(bytes: field, plusIsSpace: true)
    }
}
