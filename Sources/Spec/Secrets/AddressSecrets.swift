/// Finds secrets in addresses: passwords before the host, tokens behind the `?`. What a template or a variable puts there
/// is none.
enum AddressSecrets {
    private static let parameters: Set<String> = [
        "token", "access_token", "auth_token", "api_token", "api_key", "apikey", "api-key", "key", "secret",
        "client_secret", "password", "passwd", "sig", "signature",
    ]

    /// What the text holds, in words; never the secret itself.
    static func found(in text: String) -> String? {
        // Neither a password nor a parameter stands in most addresses.
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "?") }) else { return nil }
        var rest = text[...]
        while let mark = rest.firstRange(of: "://") {
            rest = rest[mark.upperBound...]
            let address = rest.prefix { !$0.isWhitespace && $0 != "\"" && $0 != "'" && $0 != ">" }
            let authority = address.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            if let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":"),
                isLiteral(authority[authority.index(after: colon)..<at])
            {
                return "a password in an address"
            }
            if hasToken(address) { return "a token in an address" }
            rest = rest[address.endIndex...]
        }
        return nil
    }

    private static func hasToken(_ address: Substring) -> Bool {
        guard let mark = address.firstIndex(of: "?") else { return false }
        return address[address.index(after: mark)...].split(separator: "&").contains { parameter in
            guard let equals = parameter.firstIndex(of: "="),
                parameters.contains(parameter[..<equals].lowercased())
            else { return false }
            let value = parameter[parameter.index(after: equals)...]
            return value.utf8.count >= 16 && isLiteral(value) && TextEntropy.looksRandom(Array(value.utf8))
        }
    }

    /// Whether it stands there as it is, and is no stand-in for something else.
    static func isLiteral(_ value: some StringProtocol) -> Bool {
        !value.isEmpty && !value.contains("{{") && !value.hasPrefix("$") && !value.hasPrefix("<")
            && !value.allSatisfy { $0 == "*" || $0 == "x" || $0 == "." }
    }
}
