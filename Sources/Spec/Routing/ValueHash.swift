import Values

/// Puts salted hashes in the place of values: what is equal stays equal, and nothing else can be told of it but by
/// guessing.
package struct ValueHash: Sendable, Hashable {
    /// Hex digits.
    package let salt: String

    /// - Parameter salt: random, another one for each baseline
    package init(salt: String) {
        self.salt = salt
    }

    /// The first 128 bits of the SHA-256 over the salt, a newline and the value's canonical JSON, in hex.
    package func hash(_ value: JSON) -> String {
        let digest = Digest(of: Array("\(salt)\n".utf8) + value.canonicalBytes)
        return String(digest.text.dropFirst("sha256:".count).prefix(32))
    }

    /// Lists, mappings and their keys as they are, a hash in the place of each value in them.
    package func hashed(_ value: JSON) -> JSON {
        switch value {
        case .object(let members): .object(members.mapValues(hashed))
        case .array(let items): .array(items.map(hashed))
        case .null, .bool, .number, .string: .string(hash(value))
        }
    }
}
