import Values

/// An `http` or `https` URL without user name or password: what would be a secret must not stand in it.
package struct WebAddress: SpecText, Hashable, ExpressibleByStringLiteral {
    package let manifestText: String

    package init(stringLiteral value: String) {
        manifestText = value
    }

    package static var textShape: TextShape {
        TextShape(
            "a URL such as https://example.com/v1", pattern: "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/@?#]+([/?#]\\S*)?$",
            maximumLength: 2_048)
    }

    package init(manifestText text: String) throws {
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else {
            throw SpecTextError("a URL must begin with https:// or http://")
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard !authority.isEmpty else { throw SpecTextError("this URL names no host") }
        guard !authority.contains(UInt8(ascii: "@")) else {
            throw SpecTextError("a URL must not hold a user name or password", fix: "use a secret reference")
        }
        guard text.utf8.count <= 2_048, rest.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw SpecTextError("this URL holds spaces or other characters that must be percent-encoded")
        }
        manifestText = text
    }
}
