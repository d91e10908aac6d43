/// Bounds on one JSON text.
package struct JSONLimits: Sendable, Hashable {
    /// Lists and objects inside each other.
    package var depth = 64
    /// Bytes of the whole text.
    package var bytes = 8 << 20
    /// Values, the inner ones counted.
    package var nodes = 1_000_000
    /// Whether `\u0000` may stand in a string. It ends a text early in every C library, so it is refused.
    package var allowsNUL = false

    package init(depth: Int = 64, bytes: Int = 8 << 20, nodes: Int = 1_000_000) {
        self.depth = depth
        self.bytes = bytes
        self.nodes = nodes
    }

    /// For what this program wrote itself.
    package static var ofOwnText: JSONLimits {
        var limits = JSONLimits(depth: .max, bytes: .max, nodes: .max)
        limits.allowsNUL = true
        return limits
    }
}

extension JSON {
    /// Reads one JSON text, strictly after RFC 8259.
    ///
    /// Refused as well: a key that its object has already, lone surrogates, NUL, malformed UTF-8, a byte order mark,
    /// numbers beyond `Double`, and what is over `limits`.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var reader = JSONReader(bytes, limits)
        self = try reader.document()
    }

    /// Reads one JSON text; see `init(parsing:limits:)` for bytes.
    package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}
