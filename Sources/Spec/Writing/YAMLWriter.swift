import Values

/// Writes JSON as YAML for people. What `YAMLReader` reads from it is the same value again.
package struct YAMLWriter {
    private var text = ""

    /// Keys that stand before the others, in this order.
    private static let leading = ["apiVersion", "kind", "metadata", "spec", "name", "description"]

    /// Keys that are longer are written as `? key`: libyaml takes 1,024 characters before a colon.
    private static let simpleKeyLimit = 500

    /// Ends with a newline.
    package static func text(_ value: JSON) -> String {
        var writer = YAMLWriter()
        writer.writeTop(value)
        return writer.text
    }

    private mutating func writeTop(_ value: JSON) {
        switch value {
        case .object(let members) where !members.isEmpty: write(members, indent: 0)
        case .array(let items) where !items.isEmpty: write(items, indent: 0)
        default: writeScalar(value, indent: 0)
        }
    }

    private mutating func write(_ members: JSONMembers, indent: Int) {
        for (place, member) in members.sorted(by: Self.precedes).enumerated() {
            if place > 0 { pad(indent) }
            let key = YAMLScalar.inline(member.key)
            if key.utf8.count > Self.simpleKeyLimit {
                text += "? \(key)\n"
                pad(indent)
                text += ":"
            } else {
                text += "\(key):"
            }
            writeBehind(member.value, indent: indent)
        }
    }

    /// The value of a key, on its line or below it.
    private mutating func writeBehind(_ value: JSON, indent: Int) {
        switch value {
        case .object(let members) where !members.isEmpty:
            text += "\n"
            pad(indent + 2)
            write(members, indent: indent + 2)
        case .array(let items) where !items.isEmpty:
            text += "\n"
            pad(indent + 2)
            write(items, indent: indent + 2)
        default:
            text += " "
            writeScalar(value, indent: indent + 2)
        }
    }

    private mutating func write(_ items: [JSON], indent: Int) {
        for (place, item) in items.enumerated() {
            if place > 0 { pad(indent) }
            text += "- "
            switch item {
            case .object(let members) where !members.isEmpty: write(members, indent: indent + 2)
            case .array(let items) where !items.isEmpty: write(items, indent: indent + 2)
            default: writeScalar(item, indent: indent + 2)
            }
        }
    }

    /// - Parameter indent: of the lines of a block
    private mutating func writeScalar(_ value: JSON, indent: Int) {
        guard case .string(let string) = value else {
            text += "\(value.canonicalText)\n"
            return
        }
        guard indent > 0, let block = YAMLScalar.block(string) else {
            text += "\(YAMLScalar.inline(string))\n"
            return
        }
        text += "\(block.indicator)\n"
        for line in block.lines {
            if !line.isEmpty { pad(indent) }
            text += "\(line)\n"
        }
    }

    private mutating func pad(_ count: Int) { text += String(repeating: " ", count: count) }

    private static func precedes(_ left: (key: String, value: JSON), _ right: (key: String, value: JSON)) -> Bool {
        let one = leading.firstIndex(of: left.key) ?? leading.count
        let other = leading.firstIndex(of: right.key) ?? leading.count
        return one == other ? left.key.utf8.lexicographicallyPrecedes(right.key.utf8) : one < other
    }
}
