import Values

/// One field of `Root`: its name in YAML, the property it fills, and what is to be known of it.
///
/// A class, because reading hands it on for every value of every manifest.
package final class Field<Root, Value: SpecValue>: Sendable {
    let name: String
    let path: any KeyPath<Root, Value> & Sendable
    let summary: String
    /// Used where the field is absent; nil makes it required.
    let defaultValue: Value?
    let isOptional: Bool
    let marks: FieldMarks
    private let defaultJSON: JSON?

    /// A required field, or one with a default.
    package init(
        _ name: String, _ path: any KeyPath<Root, Value> & Sendable, _ summary: String,
        default defaultValue: Value? = nil,
        _ marks: FieldMarks = .plain
    ) {
        self.name = name
        self.path = path
        self.summary = summary
        self.defaultValue = defaultValue
        self.isOptional = false
        self.marks = marks
        self.defaultJSON = defaultValue?.json
    }

    /// An optional field.
    package init<Wrapped: SpecValue>(
        _ name: String, optional path: any KeyPath<Root, Value> & Sendable, _ summary: String,
        _ marks: FieldMarks = .plain
    ) where Value == Wrapped? {
        self.name = name
        self.path = path
        self.summary = summary
        self.defaultValue = .some(nil)
        self.isOptional = true
        self.marks = marks
        self.defaultJSON = nil
    }

    var description: FieldDescription {
        FieldDescription(
            name: name, summary: summary, shape: Value.shape, isRequired: defaultValue == nil,
            defaultValue: isOptional ? nil : defaultValue?.json, marks: marks)
    }

    /// The field's value in a mapping; nil when it is missing or wrong, which is then reported.
    func read(from node: Node, _ reading: ManifestReading) -> Value? {
        guard let value = node[name] else {
            if defaultValue == nil {
                reading.report(.missingField, "field `\(name)` is missing", node, fix: "\(name): … (\(summary))")
            }
            return defaultValue
        }
        return reading.descend(name, value) { () -> Value? in
            let result = Value.read(value, reading)
            if result != nil { warnIfInactive(value, reading) }
            return result
        }
    }

    func readJSON(from node: Node, _ reading: ManifestReading) -> CanonicalMember {
        guard let value = node[name] else {
            guard defaultValue == nil else { return .unsaid }
            reading.report(.missingField, "field `\(name)` is missing", node, fix: "\(name): … (\(summary))")
            return .missing
        }
        let json = reading.descend(name, value) { () -> JSON? in
            let json = Value.readJSON(value, reading)
            if json != nil { warnIfInactive(value, reading) }
            return json
        }
        guard let json else { return .missing }
        return marks.isTransient || json == defaultJSON ? .unsaid : .value(json)
    }

    /// Left out where it says nothing more than its default.
    func write(_ root: Root, into members: inout [(String, JSON)]) {
        guard !marks.isTransient else { return }
        let value = root[keyPath: path]
        if value == defaultValue { return }
        members.append((name, value.json))
    }

    private func warnIfInactive(_ node: Node, _ reading: ManifestReading) {
        guard case .repository = reading.source else { return }
        if marks.isInactive {
            reading.report(
                .notActive, "`\(reading.field)` is read but not acted on by this version of writ", at: node.mark,
                severity: .warning)
        } else if case .scalar(let text, _) = node.content, marks.inactiveChoices.contains(text) {
            reading.report(
                .notActive, "`\(reading.field): \(text)` is read but not acted on by this version of writ",
                at: node.mark, severity: .warning)
        }
    }
}

/// What a mapping says under one field, in canonical JSON.
enum CanonicalMember {
    case value(JSON)
    /// Nothing beyond the default.
    case unsaid
    /// Nothing that can stand; the reason is reported.
    case missing
}

/// A field of any type, read as canonical JSON.
protocol CanonicalField: Sendable {
    var name: String { get }
    func readJSON(from node: Node, _ reading: ManifestReading) -> CanonicalMember
}

extension Field: CanonicalField {}
