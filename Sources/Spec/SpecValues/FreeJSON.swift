import Values

/// Any JSON value, written in YAML.
package struct FreeJSON: SpecValue, Hashable {
    package let json: JSON

    package init(_ json: JSON) {
        self.json = json
    }

    package static var shape: Shape { .any }

    package static func read(_ node: Node, _ reading: ManifestReading) -> FreeJSON? {
        node.json(reading).map(FreeJSON.init)
    }

    package static var plainWriter: PlainWriter { { $1.writeJSON($0) } }
}

extension Node {
    /// The value as JSON, plain scalars by YAML's core schema; nil, and reported, for numbers that JSON cannot say.
    func json(_ reading: ManifestReading) -> JSON? {
        switch content {
        case .scalar(let text, let isPlain):
            switch isPlain ? CoreScalar(text) : .text {
            case .null: return .null
            case .bool(let value): return .bool(value)
            case .number(let value): return .number(value)
            case .text: return .string(text)
            case .unrepresentableNumber:
                reading.report(
                    .badValue, "this number cannot be said in JSON", self, fix: "quote it to keep it as text")
                return nil
            }
        case .sequence(let items):
            var values: [JSON] = []
            values.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                if let value = reading.descend(String(index), item, { item.json(reading) }) { values.append(value) }
            }
            return values.count == items.count ? .array(values) : nil
        case .mapping(let entries):
            var members: [JSONMembers.Member] = []
            members.reserveCapacity(entries.count)
            for entry in entries {
                guard let value = reading.descend(entry.key, entry.value, { entry.value.json(reading) }) else {
                    return nil
                }
                members.append((entry.key, value))
            }
            return .object(JSONMembers(unsorted: members))
        }
    }
}
