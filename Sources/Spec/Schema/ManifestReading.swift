import Values

/// One manifest being read: where we are in it, what was found wrong, and the world it may ask.
///
/// A class, because reading goes down through generic code that only passes it along; it lives for one manifest.
package final class ManifestReading {
    /// Where a manifest's values come from.
    package enum Source {
        /// A file of the repository: included files are fetched and zones are looked up.
        case repository(any ManifestSurroundings)
        /// Canonical JSON that was read and checked before: inclusions carry their text.
        case recorded
    }

    package let path: String
    package let source: Source
    package private(set) var diagnostics: [Diagnostic] = []
    private var recorder = PlaceRecorder()
    /// Other resources that are named, in manifests with mistakes too.
    package private(set) var references: [NamedReference] = []
    /// What can be read in spite of mistakes; nil where nobody asks.
    private(set) var salvage: Salvage?
    private var tokens: [String] = []
    /// How many values lie around the one that it begins with.
    private let depth: Int

    package init(path: String, source: Source, depth: Int = 0) {
        self.path = path
        self.source = source
        self.depth = depth
    }

    convenience init(path: String, source: Source, salvages: Bool) {
        self.init(path: path, source: source)
        if salvages { salvage = Salvage() }
    }

    /// Reads what lies under `token` of the current value.
    @inline(__always)
    package func descend<Value>(_ token: String, _ node: Node, _ body: () -> Value) -> Value {
        if case .repository = source { recorder.add(token, depth: depth + tokens.count, node.mark) }
        tokens.append(token)
        defer { tokens.removeLast() }
        return body()
    }

    /// Where each value begins.
    package var places: Places { recorder.places }

    /// Keeps in mind that the node names another resource, which may be read later.
    package func note(reference target: ResourceID, at node: Node) {
        guard case .repository = source else { return }
        references.append(NamedReference(target: target, place: Place(path: path, mark: node.mark)))
    }

    func keep(_ member: CanonicalMember, under name: String, isWritten: Bool) {
        salvage?.keep(member, at: tokens + [name], isWritten: isWritten)
    }

    /// Any of these fields may be what is wrong with the mapping that is being read.
    func doubt(_ names: [String]) {
        for name in names { salvage?.doubt(tokens + [name]) }
    }

    /// The same after a rule is broken, which may have to do with every field; of a spec's it is told with which.
    func doubt(_ rule: Rule, _ problems: [Diagnostic]) {
        let isNarrow = tokens.count == 1 && !problems.contains { [.exclusiveFields, .missingField].contains($0.code) }
        if isNarrow, let fields = rule.concerns { doubt(fields) } else { salvage?.doubt(tokens) }
    }

    /// The field that is being read, dotted: `spec.model.name`.
    package var field: String { tokens.joined(separator: ".") }

    package func report(_ code: DiagnosticCode, _ message: String, _ node: Node, fix: String? = nil) {
        report(code, message, at: node.mark, fix: fix)
    }

    package func report(
        _ code: DiagnosticCode, _ message: String, at mark: Mark, severity: Diagnostic.Severity = .error,
        fix: String? = nil
    ) {
        if code == .unknownField, severity == .error { salvage?.admitsMore = true }
        diagnostics.append(Diagnostic(severity, code, message, at: Place(path: path, mark: mark), fix: fix))
    }

    /// A problem in another file, such as an included template.
    package func report(_ diagnostic: Diagnostic) {
        diagnostics.append(diagnostic)
    }

    /// The text of a scalar. Numbers and dates written without quotes are kept as their text; booleans and nulls are
    /// more often a mistake and refused.
    package func text(_ node: Node, what: @autoclosure () -> String) -> String? {
        guard case .scalar(let text, let isPlain) = node.content else {
            report(.wrongType, "expected \(what()), found \(node.typeName)", node)
            return nil
        }
        if isPlain {
            switch CoreScalar(text) {
            case .null:
                report(.wrongType, "expected \(what()), found nothing", node)
                return nil
            case .bool:
                report(.wrongType, "expected \(what()), found a boolean", node, fix: "quote it: \"\(text)\"")
                return nil
            case .number, .unrepresentableNumber, .text: break
            }
        }
        if text.utf8.contains(0) {
            report(.controlCharacter, "this text holds a NUL character", node)
            return nil
        }
        return text
    }

    /// A scalar as YAML's core schema means it.
    package func scalar(_ node: Node, what: @autoclosure () -> String) -> CoreScalar? {
        guard case .scalar(let text, let isPlain) = node.content else {
            report(.wrongType, "expected \(what()), found \(node.typeName)", node)
            return nil
        }
        return isPlain ? CoreScalar(text) : .text
    }
}

/// What a manifest in a repository may refer to outside itself.
package protocol ManifestSurroundings {
    /// The content of another file, by its path from the repository's root.
    func include(_ path: String) -> Inclusion
    /// Whether the zone exists, with the reason if not.
    func checkZone(_ identifier: String) throws(ZoneError)
}

/// What came of reading an included file.
package enum Inclusion: Sendable {
    case text(String)
    case missing
    /// It is there but cannot be used: `is a symbolic link`.
    case refused(DiagnosticCode, String)
}

extension Node {
    /// For messages: `a list`, `a mapping`, `text`.
    package var typeName: String {
        switch content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let text, let isPlain):
            guard isPlain else { return "text" }
            switch CoreScalar(text) {
            case .null: return "nothing"
            case .bool: return "a boolean"
            case .number, .unrepresentableNumber: return "a number"
            case .text: return "text"
            }
        }
    }
}
