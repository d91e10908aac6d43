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
            let values = items.enumerated().map { index, item in
                reading.descend(String(index), item) { item.json(reading) }
            }
            let sound = values.compactMap { $0 }
            guard sound.count == values.count else { return nil }
            return .array(sound)
        case .mapping(let entries):
            var members: [(String, JSON)] = []
            for entry in entries {
                guard let value = reading.descend(entry.key, entry.value, { entry.value.json(reading) }) else {
                    return nil
                }
                members.append((entry.key, value))
            }
            return .object(JSONMembers(members))
        }
    }
}
