/// Finds schemas that apply themselves to the same value, and would never end.
struct JSONSchemaCycles {
    private enum Mark { case open, done }

    static func check(_ nodes: [JSONSchemaNode]) throws(JSONSchemaError) {
        var marks: [Int: Mark] = [:]
        for start in nodes.indices where marks[start] == nil {
            // Without recursion: chains may be as long as the document.
            var stack = [(node: start, next: nodes[start].applicators.flatMap(\.inPlace)[...])]
            marks[start] = .open
            while let top = stack.indices.last {
                guard let next = stack[top].next.popFirst() else {
                    marks[stack[top].node] = .done
                    stack.removeLast()
                    continue
                }
                switch marks[next] {
                case .open?:
                    throw JSONSchemaError(
                        message: "this schema refers back to itself without going into the value",
                        pointer: nodes[next].pointer)
                case .done?:
                    continue
                case nil:
                    marks[next] = .open
                    stack.append((next, nodes[next].applicators.flatMap(\.inPlace)[...]))
                }
            }
        }
    }
}
