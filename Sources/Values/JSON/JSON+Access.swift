extension JSON {
    /// The text of a string, else `nil`.
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value of a number that is a whole number and fits, else `nil`. `2.0` is 2.
    package var int: Int? {
        if case .number(let value) = self { value.int } else { nil }
    }

    /// The nearest `Double` of a number, else `nil`.
    package var double: Double? {
        if case .number(let value) = self { value.double } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var array: [JSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    package var object: JSONMembers? {
        if case .object(let members) = self { members } else { nil }
    }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The member of an object with exactly this key, else `nil`.
    package subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// The element of a list at `index` from 0, else `nil`.
    package subscript(index: Int) -> JSON? {
        guard case .array(let values) = self, values.indices.contains(index) else { return nil }
        return values[index]
    }

    /// One step down: a key of an object, or a place in a list written as a number from 0.
    package func child(_ name: String) -> JSON? {
        switch self {
        case .object: self[name]
        case .array: JSONPointer.place(name).flatMap { self[$0] }
        default: nil
        }
    }

    /// The value at a dotted path with numbers for places in lists, as in `payload.pull_request.labels.0.name`.
    /// The empty path is the value itself. `nil` where there is nothing.
    package func value(atPath path: String) -> JSON? {
        if path.isEmpty { return self }
        var value = self
        for name in path.split(separator: ".", omittingEmptySubsequences: false) {
            guard let next = value.child(String(name)) else { return nil }
            value = next
        }
        return value
    }
}
