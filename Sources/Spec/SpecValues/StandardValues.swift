import Values

extension String: SpecValue {
    package static var shape: Shape { .text(TextShape("text")) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> String? {
        reading.text(node, what: "text")
    }

    package var json: JSON { .string(self) }
}

extension Bool: SpecValue {
    package static var shape: Shape { .boolean }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Bool? {
        guard let scalar = reading.scalar(node, what: "true or false") else { return nil }
        if case .bool(let value) = scalar { return value }
        reading.report(.wrongType, "expected true or false, found \(node.typeName)", node)
        return nil
    }

    package var json: JSON { .bool(self) }
}

/// An integer from 0 up to a million million: counts, limits, priorities have types of their own around it.
extension Int: SpecValue {
    package static var shape: Shape { .integer(-1_000_000_000_000...1_000_000_000_000) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Int? {
        read(node, reading, in: -1_000_000_000_000...1_000_000_000_000)
    }

    /// Reads a whole number within a range; the message names the bound that was passed.
    package static func read(_ node: Node, _ reading: ManifestReading, in range: ClosedRange<Int>) -> Int? {
        guard let scalar = reading.scalar(node, what: "a whole number") else { return nil }
        guard case .number(let number) = scalar else {
            let message =
                scalar == .unrepresentableNumber
                ? "this number is not finite" : "expected a whole number, found \(node.typeName)"
            reading.report(.wrongType, message, node)
            return nil
        }
        guard number.isInteger else {
            reading.report(.wrongType, "expected a whole number, found \(quoted(number.text))", node)
            return nil
        }
        guard let value = number.int, range.contains(value) else {
            let bounds = "\(range.lowerBound) and \(range.upperBound)"
            reading.report(.badValue, "\(quoted(number.text)) is not between \(bounds)", node)
            return nil
        }
        return value
    }

    package var json: JSON { .number(JSONNumber(self)) }
}

extension Optional: SpecValue where Wrapped: SpecValue {
    package static var shape: Shape { Wrapped.shape }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Wrapped?? {
        Wrapped.read(node, reading).map { .some($0) }
    }

    package var json: JSON { self?.json ?? .null }

    package static func readJSON(_ node: Node, _ reading: ManifestReading) -> JSON? { Wrapped.readJSON(node, reading) }
}

extension Array: SpecValue where Element: SpecValue {
    /// Items of one list; also in `Shape`, so that JSON Schema says it.
    private static var maximum: Int { 1_000 }

    package static var shape: Shape { .list(Element.shape, atMost: maximum) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> [Element]? {
        items(node, reading) { Element.read($0, reading) }
    }

    package static func readJSON(_ node: Node, _ reading: ManifestReading) -> JSON? {
        items(node, reading) { Element.readJSON($0, reading) }.map(JSON.array)
    }

    @inline(__always)
    private static func items<Item>(
        _ node: Node, _ reading: ManifestReading, _ read: (Node) -> Item?
    ) -> [Item]? {
        guard case .sequence(let items) = node.content else {
            reading.report(.wrongType, "expected a list, found \(node.typeName)", node, fix: "write it as [ … ]")
            return nil
        }
        guard items.count <= maximum else {
            reading.report(.badValue, "\(items.count) items are over the limit of \(maximum)", node)
            return nil
        }
        var values: [Item] = []
        values.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            if let value = reading.descend(String(index), item, { read(item) }) { values.append(value) }
        }
        return values.count == items.count ? values : nil
    }

    package var json: JSON { .array(map(\.json)) }
}

extension Dictionary: SpecValue where Key == String, Value: SpecValue {
    package static var shape: Shape { .map(Value.shape) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> [String: Value]? {
        members(node, reading) { Value.read($0, reading) }.map { read in
            Dictionary(read.map { ($0.key, $0.value) }) { first, _ in first }
        }
    }

    package static func readJSON(_ node: Node, _ reading: ManifestReading) -> JSON? {
        members(node, reading) { Value.readJSON($0, reading) }.map { .object(JSONMembers(unsorted: $0)) }
    }

    @inline(__always)
    private static func members<Member>(
        _ node: Node, _ reading: ManifestReading, _ read: (Node) -> Member?
    ) -> [(key: String, value: Member)]? {
        guard case .mapping(let entries) = node.content else {
            reading.report(.wrongType, "expected a mapping, found \(node.typeName)", node)
            return nil
        }
        var values: [(key: String, value: Member)] = []
        values.reserveCapacity(entries.count)
        var isSound = true
        for entry in entries {
            guard let value = reading.descend(entry.key, entry.value, { read(entry.value) }) else {
                isSound = false
                continue
            }
            values.append((entry.key, value))
        }
        return isSound ? values : nil
    }

    package var json: JSON { .object(JSONMembers(map { ($0.key, $0.value.json) })) }
}
