import Values

/// The one description of a mapping type: from its fields come reading with places, canonical JSON, JSON Schema,
/// reference pages, references, the diff's marks and redaction.
package struct Schema<Root: Sendable>: Sendable {
    package let shape: ObjectShape
    private let fields: [CanonicalField]
    private let rules: [Rule]
    private let readFields: @Sendable (Node, ManifestReading) -> Root?
    private let writeFields: @Sendable (Root) -> JSONMembers

    /// - Parameters:
    ///   - make: the memberwise initialiser; the pack ties it to the fields, so that a property without a field does
    ///     not compile.
    package init<each Value: SpecValue>(
        _ summary: String, _ field: repeat Field<Root, each Value>, constraints: [Constraint] = [],
        rules: [Rule] = [], make: @escaping @Sendable (repeat each Value) -> Root
    ) {
        var descriptions: [FieldDescription] = []
        repeat descriptions.append((each field).description)
        let shape = ObjectShape(
            name: Self.name, summary: summary, fields: descriptions, constraints: constraints)
        self.shape = shape
        self.rules = rules
        var canonical: [CanonicalField] = []
        repeat canonical.append((each field).canonical)
        self.fields = canonical
        let fields = (repeat each field)
        self.readFields = { node, reading in
            let read = (repeat (each fields).read(from: node, reading))
            guard shape.check(node, reading) else { return nil }
            guard let root = try? make(repeat Self.unwrap(each read)) else { return nil }
            #if DEBUG
                repeat Self.assertTied(each fields, root, each read)
            #endif
            return root
        }
        self.writeFields = { root in
            var members: [(String, JSON)] = []
            repeat (each fields).write(root, into: &members)
            return JSONMembers(members)
        }
    }

    package func read(_ node: Node, _ reading: ManifestReading) -> Root? {
        guard case .mapping = node.content else {
            reading.report(.wrongType, "expected a mapping, found \(node.typeName)", node)
            return nil
        }
        guard let root = readFields(node, reading) else { return nil }
        // What was recorded kept them when it was read.
        if rules.isEmpty { return root }
        guard case .repository = reading.source else { return root }
        return keepsRules(json(of: root), node, reading) ? root : nil
    }

    /// The same, as canonical JSON, without a value of the type in between: most manifests are read to be recorded.
    func readJSON(_ node: Node, _ reading: ManifestReading) -> JSON? {
        guard case .mapping(let entries) = node.content else {
            reading.report(.wrongType, "expected a mapping, found \(node.typeName)", node)
            return nil
        }
        var members: [JSONMembers.Member] = []
        members.reserveCapacity(entries.count)
        var isComplete = true
        var search = EntrySearch(entries)
        for field in fields {
            switch field.read(search.value(of: field.name), in: node, reading) {
            case .value(let json): members.append((field.name, json))
            case .unsaid: break
            case .missing: isComplete = false
            }
        }
        let isSound = shape.check(node, reading, knowsAll: search.found == entries.count)
        guard isSound, isComplete else { return nil }
        let json = JSON.object(JSONMembers(unsorted: members))
        return keepsRules(json, node, reading) ? json : nil
    }

    /// The same, quickly, for what is sound and usual.
    var plainWriter: PlainWriter {
        guard let object = PlainObject(shape, fields, rules) else { return { _, _ in false } }
        return { object.write($0, &$1) }
    }

    private func keepsRules(_ json: JSON, _ node: Node, _ reading: ManifestReading) -> Bool {
        guard !rules.isEmpty, case .repository = reading.source else { return true }
        var isKept = true
        for rule in rules {
            let problems = rule.check(json, node, reading)
            for problem in problems { reading.report(problem) }
            guard problems.hasErrors else { continue }
            reading.doubt(rule, problems)
            isKept = false
        }
        return isKept
    }

    package func json(of root: Root) -> JSON { .object(writeFields(root)) }

    /// `Agent.Model`: the type's name without its module. `String(reflecting:)` gives the same and first asks the
    /// runtime what the type can do, which takes longer than a plan of nothing.
    private static var name: String {
        _typeName(Root.self, qualified: true).split(separator: ".").dropFirst().joined(separator: ".")
    }

    private struct Missing: Error {}

    private static func unwrap<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Missing() }
        return value
    }

    /// `make` is positional: two fields of one type could be swapped without the compiler's notice.
    #if DEBUG
        private static func assertTied<Value: SpecValue>(_ field: Field<Root, Value>, _ root: Root, _ value: Value?) {
            assert(root[keyPath: field.path] == value, "field `\(field.name)` of \(Root.self) fills another property")
        }
    #endif
}

/// Finds the entries of a mapping by their keys. Authors write them mostly in the order of the fields, so that each
/// search begins behind the last find.
private struct EntrySearch {
    private let entries: [Node.Entry]
    private var next = 0
    /// Entries that were asked for and found; keys are unique.
    private(set) var found = 0

    init(_ entries: [Node.Entry]) {
        self.entries = entries
    }

    mutating func value(of key: String) -> Node? {
        for index in next..<entries.count where entries[index].key == key { return take(index) }
        for index in 0..<next where entries[index].key == key { return take(index) }
        return nil
    }

    private mutating func take(_ index: Int) -> Node {
        next = index + 1
        found += 1
        return entries[index].value
    }
}

/// A check between fields that a shape cannot say; it runs when all fields are there, on their canonical JSON, which
/// leaves defaults out.
package struct Rule: Sendable {
    let check: @Sendable (JSON, Node, ManifestReading) -> [Diagnostic]
    /// Of these one must be written before the rule has something to say; any, where it does not tell.
    let concerns: [String]?
    /// Whether a mapping keeps the rule for certain, seen quickly. No tells nothing.
    let isSurelyKept: (@Sendable (Int, borrowing PlainReading) -> Bool)?

    /// - Parameters:
    ///   - concerns: fields of which one must be written before the rule has something to say
    ///   - isSurelyKept: whether a mapping keeps the rule for certain; where not, `check` is asked
    init(
        on concerns: [String]? = nil,
        unless isSurelyKept: (@Sendable (Int, borrowing PlainReading) -> Bool)? = nil,
        _ check: @escaping @Sendable (JSON, Node, ManifestReading) -> [Diagnostic]
    ) {
        self.check = check
        self.concerns = concerns
        self.isSurelyKept = isSurelyKept
    }
}

/// A value type that is described by a schema.
package protocol SpecObject: SpecValue {
    static var schema: Schema<Self> { get }
}

extension SpecObject {
    package static var shape: Shape { .object(schema.shape) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> Self? { schema.read(node, reading) }

    package static func readJSON(_ node: Node, _ reading: ManifestReading) -> JSON? { schema.readJSON(node, reading) }

    package static var plainWriter: PlainWriter { schema.plainWriter }

    package var json: JSON { Self.schema.json(of: self) }
}
