import Values

/// What the name of a value says about secrets in it.
struct SecretNames: OptionSet {
    let rawValue: UInt8

    /// Text for people and models, and all below it.
    static let prose = SecretNames(rawValue: 1)
    static let secretive = SecretNames(rawValue: 2)
    static let password = SecretNames(rawValue: 4)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(of name: UnsafeBufferPointer<UInt8>) {
        var names: SecretNames = []
        if Self.prose(name) { names.insert(.prose) }
        if PlaintextSecrets.Search.isNamed(name, after: PlaintextSecrets.Search.secretive) { names.insert(.secretive) }
        if PlaintextSecrets.Search.isNamed(name, after: PlaintextSecrets.Search.passwords) { names.insert(.password) }
        self = names
    }

    init(of name: String) {
        var name = name
        self = name.withUTF8 { SecretNames(of: $0) }
    }

    private static let proseNames = Set(PlaintextSecrets.Search.prose.compactMap { ShortName($0) })

    private static func prose(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        ShortName(name).map(proseNames.contains) ?? false
    }
}

/// The quick look: it never says no where `diagnostics(of:)` would find something.
extension PlaintextSecrets {
    /// - Parameter names: what the names of the text and of what lies around it say
    static func mayHoldSecret(_ text: UnsafeBufferPointer<UInt8>, _ names: SecretNames) -> Bool {
        let isLong = TextEntropy.mayHoldSecret(text)
        if isLong, TokenShape.mayStand(in: text), TokenShape.found(in: String(decoding: text, as: UTF8.self)) != nil {
            return true
        }
        if names.contains(.prose) { return false }
        if names.contains(.password) { return true }
        return isLong && (mayBeAddressWithSecret(text) || hasSecretLikeWord(text, names))
    }

    static func mayHoldSecret(key: UnsafeBufferPointer<UInt8>) -> Bool {
        TextEntropy.mayHoldSecret(key) && TokenShape.mayStand(in: key)
            && TokenShape.found(in: String(decoding: key, as: UTF8.self)) != nil
    }

    static func mayHoldSecret(_ value: JSON, _ names: SecretNames) -> Bool {
        switch value {
        case .null, .bool, .number: return false
        case .string(var text): return text.withUTF8 { mayHoldSecret($0, names) }
        case .array(let items):
            let inner = names.intersection(.prose)
            return items.contains { mayHoldSecret($0, inner) }
        case .object(let members):
            let inner = names.intersection(.prose)
            return members.contains { key, member in
                var name = key
                return name.withUTF8 {
                    mayHoldSecret(key: $0) || mayHoldSecret(member, inner.union(SecretNames(of: $0)))
                }
            }
        }
    }

    private static func mayBeAddressWithSecret(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "?") }
            && AddressSecrets.found(in: String(decoding: text, as: UTF8.self)) != nil
    }

    private static func hasSecretLikeWord(_ text: UnsafeBufferPointer<UInt8>, _ names: SecretNames) -> Bool {
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, !Search.separates(text[end]) { end += 1 }
            if end - start >= 16 {
                let word = UnsafeBufferPointer(rebasing: text[start..<end])
                if TextEntropy.isSecretLike(word), names.contains(.secretive) || TextEntropy.isKeyLike(word) {
                    return true
                }
            }
            start = end + 1
        }
        return false
    }
}
