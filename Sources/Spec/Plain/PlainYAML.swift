import CLibYAML

/// One value of a document. Those that lie in it follow it, up to `next`; of a mapping, key and value in turn.
struct PlainNode {
    enum Form: UInt8 {
        /// An unquoted scalar, whose text decides its type.
        case plain
        case quoted
        case sequence
        case mapping
    }

    let form: Form
    let line: Int32
    let column: Int32
    /// Of a scalar: where its text begins and ends.
    var start: Int32 = 0
    var end: Int32 = 0
    /// Behind all that lies in it.
    var next: Int32 = 0
}

/// The documents of one file in one list of values, their texts one behind the other.
///
/// It takes what most files hold, and nothing of which there is something to say: no anchors, aliases, tags or directives,
/// keys that are texts, all of it within the limits. Equal keys are found by whoever reads a mapping.
struct PlainYAML: ~Copyable {
    struct Open {
        let node: Int
        let isMapping: Bool
        var isKeyNext: Bool
    }

    private(set) var nodes = Store<PlainNode>(capacity: 256)
    private(set) var text = Store<UInt8>(capacity: 8_192)
    /// Where each document begins.
    private(set) var roots = Store<Int>(capacity: 16)
    private var open = Store<Open>(capacity: 32)

    /// Far below what is allowed, so that reading goes down as deep without a thought.
    private static let depth = 32

    /// Reads a file in the place of the one before. False tells nothing: then `YAMLReader` has to look.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: YAMLLimits) -> Bool {
        nodes.cut(to: 0)
        text.cut(to: 0)
        roots.cut(to: 0)
        open.cut(to: 0)
        var parser = YAMLParser(bytes)
        var event = yaml_event_t()
        while parser.parse(&event) {
            let isEnd = event.type == YAML_STREAM_END_EVENT
            let isTaken = take(event, limits)
            yaml_event_delete(&event)
            guard isTaken else { return false }
            if isEnd { return true }
        }
        return false
    }

    func text(of node: PlainNode) -> UnsafeBufferPointer<UInt8> { text.elements(Int(node.start)..<Int(node.end)) }

    private mutating func take(_ event: yaml_event_t, _ limits: YAMLLimits) -> Bool {
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            guard scalar.anchor == nil, scalar.tag == nil else { return false }
            return take(
                UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                scalar.style == YAML_PLAIN_SCALAR_STYLE ? .plain : .quoted, event.start_mark, limits)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            guard start.anchor == nil, start.tag == nil else { return false }
            return begin(.mapping, event.start_mark, limits)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            guard start.anchor == nil, start.tag == nil else { return false }
            return begin(.sequence, event.start_mark, limits)
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: return end()
        case YAML_DOCUMENT_START_EVENT:
            let start = event.data.document_start
            roots.append(nodes.count)
            return start.version_directive == nil && start.tag_directives.start == start.tag_directives.end
                && roots.count <= limits.documents
        case YAML_STREAM_START_EVENT, YAML_STREAM_END_EVENT, YAML_DOCUMENT_END_EVENT: return true
        default: return false
        }
    }

    private mutating func take(
        _ bytes: UnsafeBufferPointer<UInt8>, _ form: PlainNode.Form, _ mark: yaml_mark_t, _ limits: YAMLLimits
    ) -> Bool {
        let top = open.count - 1
        // A document that is a scalar is no manifest.
        guard top >= 0, nodes.count < limits.nodes else { return false }
        if open[top].isKeyNext {
            guard !bytes.isEmpty, bytes.count <= limits.keyBytes, form == .quoted || !bytes.isMergeKey else {
                return false
            }
            open[top].isKeyNext = false
        } else {
            guard bytes.count <= limits.scalarBytes else { return false }
            open[top].isKeyNext = open[top].isMapping
        }
        var node = PlainNode(form, mark)
        node.start = Int32(clamping: text.count)
        text.append(bytes)
        node.end = Int32(clamping: text.count)
        node.next = Int32(clamping: nodes.count + 1)
        nodes.append(node)
        return true
    }

    private mutating func begin(_ form: PlainNode.Form, _ mark: yaml_mark_t, _ limits: YAMLLimits) -> Bool {
        guard open.count < min(Self.depth, limits.depth), nodes.count < limits.nodes else { return false }
        let top = open.count - 1
        if top >= 0 {
            if open[top].isKeyNext { return false }
            open[top].isKeyNext = open[top].isMapping
        }
        open.append(Open(node: nodes.count, isMapping: form == .mapping, isKeyNext: form == .mapping))
        nodes.append(PlainNode(form, mark))
        return true
    }

    private mutating func end() -> Bool {
        guard open.count > 0 else { return false }
        let done = open[open.count - 1]
        open.cut(to: open.count - 1)
        nodes[done.node].next = Int32(clamping: nodes.count)
        return true
    }
}

extension PlainNode {
    fileprivate init(_ form: Form, _ mark: yaml_mark_t) {
        self.init(
            form: form, line: Int32(clamping: Int(clamping: mark.line) + 1),
            column: Int32(clamping: Int(clamping: mark.column) + 1))
    }

    var mark: Mark { Mark(line: Int(line), column: Int(column)) }
    var isScalar: Bool { form == .plain || form == .quoted }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate var isMergeKey: Bool { count == 2 && self[0] == UInt8(ascii: "<") && self[1] == UInt8(ascii: "<") }
}
