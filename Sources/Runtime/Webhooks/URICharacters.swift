/// What a URI and a reference to one are written with (RFC 3986, section 2).
enum URICharacters {
    private static let others = Set("-._~:/?[]@!$&'()*+,;=".utf8)

    /// Whether a text has nothing else, no broken escape, and one fragment at most.
    static func areAll(_ text: String) -> Bool {
        var fragments = 0
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard isHex(rest.next()), isHex(rest.next()) else { return false }
            case UInt8(ascii: "#"): fragments += 1
            default:
                guard isLetter(byte) || isDigit(byte) || others.contains(byte) else { return false }
            }
        }
        return fragments <= 1
    }

    static func hasScheme(_ text: String) -> Bool {
        guard let end = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = text.utf8[..<end]
        return scheme.first.map(isLetter) == true
            && scheme.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isHex(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
    }
}
