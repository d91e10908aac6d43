import Values

/// One value of a YAML document, with the place where it begins.
package struct Node: Sendable {
    package enum Content: Sendable {
        /// `isPlain` tells an unquoted scalar, whose text decides its type.
        case scalar(String, isPlain: Bool)
        case sequence([Node])
        case mapping([Entry])
    }

    package struct Entry: Sendable {
        package let key: String
        package let keyMark: Mark
        package let value: Node
    }

    package let mark: Mark
    package let content: Content

    package init(_ content: Content, at mark: Mark) {
        self.content = content
        self.mark = mark
    }

    /// The value under `key` of a mapping.
    package subscript(key: String) -> Node? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The place of the value that `pointer` names, or of the nearest value around it.
    package func mark(at pointer: JSONPointer) -> Mark {
        var node = self
        for token in pointer.tokens {
            switch node.content {
            case .scalar: return node.mark
            case .sequence(let items):
                guard let index = Int(token), items.indices.contains(index) else { return node.mark }
                node = items[index]
            case .mapping:
                guard let value = node[token] else { return node.mark }
                node = value
            }
        }
        return node.mark
    }
}

extension Node {
    /// A node without a place of its own, for values that were recorded as canonical JSON.
    package init(json: JSON) {
        let content: Content =
            switch json {
            case .null: .scalar("null", isPlain: true)
            case .bool(let value): .scalar(value ? "true" : "false", isPlain: true)
            case .number(let value): .scalar(value.text, isPlain: true)
            case .string(let value): .scalar(value, isPlain: false)
            case .array(let items): .sequence(items.map(Node.init(json:)))
            case .object(let object):
                .mapping(object.map { Entry(key: $0.key, keyMark: .start, value: Node(json: $0.value)) })
            }
        self.init(content, at: .start)
    }
}
