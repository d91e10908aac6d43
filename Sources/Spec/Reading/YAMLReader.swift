/// Reads the documents of one YAML file into nodes, within limits, and says everything that is wrong with it.
///
/// YAML 1.2 core scalars, UTF-8 only; no tags, directives or merge keys; aliases within the node budget.
/// After a syntax error nothing more of the file can be read; every other problem leaves the rest readable.
package struct YAMLReader {
    package struct Reading: Sendable {
        package var documents: [Node] = []
        package var diagnostics: [Diagnostic] = []
        /// Whether the file was read to its end.
        package var isWhole = false
    }

    private struct Open {
        let isMapping: Bool
        /// Of a sequence.
        var items: [Node] = []
        /// Of a mapping.
        var entries: [Node.Entry] = []
        /// The key whose value comes next.
        var pendingKey: Key?
        let mark: Mark
        let anchor: String?
        /// Nodes read before this one began, for its own count.
        let countBefore: Int
        var height = 1
        /// Of a mapping that has so many keys that looking at each takes too long.
        var keys: [String: Mark]?

        /// Where the key stands already.
        mutating func firstMark(of key: String) -> Mark? {
            if entries.count < 16 { return entries.first { $0.key == key }?.keyMark }
            if keys == nil {
                keys = Dictionary(entries.map { ($0.key, $0.keyMark) }) { first, _ in first }
            }
            return keys?[key]
        }
    }

    private struct Key {
        let text: String
        let mark: Mark
        /// A refused key's value is read, checked and dropped.
        let isUsable: Bool
    }

    private struct Anchored {
        let node: Node
        let count: Int
        let height: Int
    }

    /// Ends the reading of this file; its diagnostic is already recorded.
    private struct Stop: Error {}

    private let path: String
    private let limits: YAMLLimits
    private var result = Reading()
    private var stack: [Open] = []
    private var openAnchors: Set<String> = []
    private var anchors: [String: Anchored] = [:]
    private var nodes = 0
    private var documents = 0
    private var root: Node?

    package static func read(_ bytes: [UInt8], path: String, limits: YAMLLimits = YAMLLimits()) -> Reading {
        var reader = YAMLReader(path: path, limits: limits)
        reader.read(bytes)
        return reader.result
    }

    private init(path: String, limits: YAMLLimits) {
        self.path = path
        self.limits = limits
    }

    private mutating func read(_ bytes: [UInt8]) {
        // libyaml would count a byte order mark as a column, and so take the first line for an indented one.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard bytes.withUnsafeBufferPointer(TextCheck.isPlain) || isReadable(bytes) else { return }
        bytes.withUnsafeBufferPointer { buffer in
            var parser = YAMLParser(buffer)
            do {
                while true {
                    let (event, mark) = try parser.next()
                    if case .streamEnd = event {
                        result.isWhole = true
                        return
                    }
                    try take(event, mark)
                }
            } catch let failure as YAMLParser.Failure {
                let (code, message, mark) = YAMLSyntaxMessage.of(failure, in: buffer)
                report(code, message, mark)
            } catch {
                // A limit was passed; it is reported where it happened.
            }
        }
    }

    /// Whether libyaml may see it; the reason why not is recorded.
    private mutating func isReadable(_ bytes: [UInt8]) -> Bool {
        if let problem = TextCheck.problem(in: bytes) {
            report(problem.code, problem.message, problem.mark)
            return false
        }
        if let mark = YAMLDirectives.first(in: bytes) {
            report(.directive, "YAML directives (%YAML, %TAG) are not supported", mark, fix: "remove this line")
            return false
        }
        return true
    }

    private mutating func take(_ event: YAMLParser.Event, _ mark: Mark) throws {
        switch event {
        case .documentStart(let hasDirectives):
            if hasDirectives {
                report(.directive, "YAML directives (%YAML, %TAG) are not supported", mark)
                throw Stop()
            }
            documents += 1
            if documents > limits.documents {
                report(.tooManyDocuments, "over \(limits.documents) documents in one file", mark)
                throw Stop()
            }
        case .documentEnd:
            if let root, !root.isEmptyDocument { result.documents.append(root) }
            root = nil
            anchors.removeAll(keepingCapacity: true)
        case .scalar(let text, let anchor, let isPlain, let hasTag):
            try scalar(text, anchor, isPlain: isPlain, hasTag: hasTag, mark)
        case .sequenceStart(let anchor, let hasTag):
            try open(isMapping: false, anchor, hasTag, mark)
        case .mappingStart(let anchor, let hasTag):
            try open(isMapping: true, anchor, hasTag, mark)
        case .collectionEnd:
            close()
        case .alias(let name):
            try alias(name, mark)
        case .streamEnd:
            break
        }
    }

    // MARK: Values

    private mutating func scalar(_ text: String, _ anchor: String?, isPlain: Bool, hasTag: Bool, _ mark: Mark) throws {
        refuseTag(hasTag, mark)
        if isKeyExpected {
            try count(1, mark)
            if anchor != nil { report(.badKey, "a key cannot have an anchor", mark) }
            try key(text, isPlain: isPlain, mark)
            return
        }
        if text.utf8.count > limits.scalarBytes {
            report(.scalarTooLong, "this text is over \(limits.scalarBytes >> 10) KiB", mark, fix: "use {file: path}")
            throw Stop()
        }
        try count(1, mark)
        let node = Node(.scalar(text, isPlain: isPlain), at: mark)
        if let anchor { anchors[anchor] = Anchored(node: node, count: 1, height: 0) }
        add(node, height: 0)
    }

    private mutating func key(_ text: String, isPlain: Bool, _ mark: Mark) throws {
        guard let top = stack.indices.last else { return }
        var isUsable = true
        if text.utf8.count > limits.keyBytes {
            report(.keyTooLong, "this key is over \(limits.keyBytes) bytes long", mark)
            throw Stop()
        } else if text.isEmpty {
            report(.badKey, "an empty key", mark)
            isUsable = false
        } else if isPlain, text == "<<" {
            report(.mergeKey, "merge keys (<<) are not supported", mark, fix: "write the fields out")
            isUsable = false
        } else if text.utf8.contains(0) {
            report(.controlCharacter, "a key with a NUL character", mark)
            isUsable = false
        } else if let first = stack[top].firstMark(of: text) {
            report(
                .duplicateKey, "duplicate key \(quoted(text)), first at line \(first.line)", mark,
                fix: "keep one of the two")
            isUsable = false
        } else {
            stack[top].keys?[text] = mark
        }
        stack[top].pendingKey = Key(text: text, mark: mark, isUsable: isUsable)
    }

    private mutating func open(isMapping: Bool, _ anchor: String?, _ hasTag: Bool, _ mark: Mark) throws {
        refuseTag(hasTag, mark)
        if isKeyExpected {
            report(.badKey, "a key must be plain text, not a list or a mapping", mark)
            throw Stop()
        }
        if stack.count >= limits.depth {
            report(.tooDeep, "nested over \(limits.depth) levels deep", mark)
            throw Stop()
        }
        try count(1, mark)
        if let anchor { openAnchors.insert(anchor) }
        stack.append(Open(isMapping: isMapping, mark: mark, anchor: anchor, countBefore: nodes - 1))
    }

    private mutating func close() {
        guard let done = stack.popLast() else { return }
        let node = Node(done.isMapping ? .mapping(done.entries) : .sequence(done.items), at: done.mark)
        if let anchor = done.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = Anchored(node: node, count: nodes - done.countBefore, height: done.height)
        }
        add(node, height: done.height)
    }

    private mutating func alias(_ name: String, _ mark: Mark) throws {
        if isKeyExpected {
            report(.badKey, "an alias cannot be a key", mark)
            throw Stop()
        }
        if openAnchors.contains(name) {
            report(.unknownAlias, "alias `*\(name)` refers to the value it stands in", mark)
            throw Stop()
        }
        guard let anchored = anchors[name] else {
            report(.unknownAlias, "alias `*\(name)` has no anchor `&\(name)` before it", mark)
            add(Node(.scalar("", isPlain: true), at: mark), height: 0)
            return
        }
        if stack.count + anchored.height > limits.depth {
            report(.tooDeep, "nested over \(limits.depth) levels deep once alias `*\(name)` is expanded", mark)
            throw Stop()
        }
        guard nodes + anchored.count <= limits.nodes else {
            report(.aliasBudget, "aliases expand this file to over \(limits.nodes) values", mark)
            throw Stop()
        }
        nodes += anchored.count
        add(anchored.node, height: anchored.height)
    }

    // MARK: Building

    private var isKeyExpected: Bool {
        guard let top = stack.indices.last else { return false }
        return stack[top].isMapping && stack[top].pendingKey == nil
    }

    private mutating func add(_ node: Node, height: Int) {
        guard let top = stack.indices.last else {
            root = node
            return
        }
        stack[top].height = max(stack[top].height, height + 1)
        guard stack[top].isMapping else {
            stack[top].items.append(node)
            return
        }
        if let key = stack[top].pendingKey, key.isUsable {
            stack[top].entries.append(Node.Entry(key: key.text, keyMark: key.mark, value: node))
        }
        stack[top].pendingKey = nil
    }

    private mutating func count(_ more: Int, _ mark: Mark) throws {
        nodes += more
        guard nodes > limits.nodes else { return }
        report(.tooManyNodes, "over \(limits.nodes) values in one file", mark, fix: "split the file")
        throw Stop()
    }

    private mutating func refuseTag(_ hasTag: Bool, _ mark: Mark) {
        if hasTag { report(.tag, "YAML tags (!…) are not supported", mark, fix: "remove the tag") }
    }

    private mutating func report(_ code: DiagnosticCode, _ message: String, _ mark: Mark, fix: String? = nil) {
        result.diagnostics.append(Diagnostic(.error, code, message, at: Place(path: path, mark: mark), fix: fix))
    }
}

extension Node {
    /// What `---` with nothing after it gives.
    fileprivate var isEmptyDocument: Bool {
        if case .scalar("", isPlain: true) = content { return true }
        return false
    }
}
