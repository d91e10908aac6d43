/// A JSON value (RFC 8259).
///
/// Two strings are equal when their code units are: `é` in one code point and in two are different texts, as they are
/// to every other JSON reader. Numbers are compared by value: `1`, `1.0` and `10e-1` are one number.
package enum JSON: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSON])
    case object([String: JSON])
}

extension JSON: Hashable {
    package static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): equal(left, right)
        default: false
        }
    }

    private static func equal(_ left: [String: JSON], _ right: [String: JSON]) -> Bool {
        guard left.count == right.count else { return false }
        return left.allSatisfy { key, value in
            guard let place = right.index(forKey: key) else { return false }
            let other = right[place]
            return other.key.hasSameBytes(as: key) && other.value == value
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null:
            hasher.combine(0)
        case .bool(let value):
            hasher.combine(1)
            hasher.combine(value)
        case .number(let value):
            hasher.combine(2)
            hasher.combine(value)
        case .string(let value):
            hasher.combine(3)
            value.hashBytes(into: &hasher)
        case .array(let values):
            hasher.combine(4)
            hasher.combine(values)
        case .object(let members):
            // Members have no order, so their hashes are added up.
            var sum = 0
            for (key, value) in members {
                var member = Hasher()
                key.hashBytes(into: &member)
                member.combine(value)
                sum &+= member.finalize()
            }
            hasher.combine(5)
            hasher.combine(sum)
        }
    }
}

extension JSON: CustomStringConvertible {
    /// The canonical text.
    package var description: String { canonicalText }
}

extension String {
    /// Equality by code units, where `==` would call canonically equivalent texts equal.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// Order by UTF-8 bytes, which is the order of code points.
    func precedesInBytes(_ other: String) -> Bool {
        let order = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in Self.precedes(left, right) }
        }
        if let order = order ?? nil { return order }
        return utf8.lexicographicallyPrecedes(other.utf8)
    }

    private static func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in 0..<Swift.min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index]
        }
        return left.count < right.count
    }

    func hashBytes(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}
