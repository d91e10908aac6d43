import Values

/// A body of `application/x-www-form-urlencoded` (WHATWG URL, section 5.1).
struct FormBody {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// All fields, decoded; `nil` if one of them is malformed, comes twice, or there are too many.
    func fields(limit: Int) -> [String: String]? {
        let parts = bytes.split(separator: UInt8(ascii: "&"))
        guard parts.count <= limit else { return nil }
        var fields: [String: String] = [:]
        for part in parts {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2,
                let name = PercentEncoding.decode(bytes: sides[0], plusIsSpace: true),
                let value = PercentEncoding.decode(bytes: sides[1], plusIsSpace: true),
                let key = String(validating: name, as: UTF8.self), fields[key] == nil,
                let text = String(validating: value, as: UTF8.self)
            else { return nil }
            fields[key] = text
        }
        return fields
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
