import Values

extension String: SpecValue {
    package static var shape: Shape { .text(TextShape("text")) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> String? {
        reading.text(node, what: "text")
    }

    package static var plainWriter: PlainWriter { { $1.isText($0) && $1.write(text: $0) } }

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

    package static var plainWriter: PlainWriter {
        { node, reading in
            let text = reading.text(of: node)
            guard reading.form(of: node) == .plain, text.equals("true") || text.equals("false") else {
                return reading.writeExactly(node, readJSON)
            }
            reading.output.append(text)
            return true
        }
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

    package static var plainWriter: PlainWriter { plainWriter(in: -1_000_000_000_000...1_000_000_000_000) }

    static func plainWriter(in range: ClosedRange<Int>) -> PlainWriter {
        { node, reading in
            guard reading.form(of: node) == .plain, CoreScalar.quickly(reading.text(of: node)) == .integer else {
                return reading.writeExactly(node) { read($0, $1, in: range)?.json }
            }
            // At most 18 digits.
            let value = reading.text(of: node).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            reading.output.append(reading.text(of: node))
            return range.contains(value)
        }
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

    package static var plainWriter: PlainWriter { Wrapped.plainWriter }
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

    package static var plainWriter: PlainWriter {
        let item = Element.plainWriter
        return { $1.writeList($0, atMost: maximum, item) }
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

    package static var plainWriter: PlainWriter {
        let value = Value.plainWriter
        return { $1.writeMembers($0, value) }
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
