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
    let canonical: CanonicalField

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
        self.canonical = CanonicalField(
            name, summary, marks, isRequired: defaultValue == nil, default: defaultValue?.json, Value.readJSON,
            { Value.plainWriter })
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
        self.canonical = CanonicalField(
            name, summary, marks, isRequired: false, default: nil, Wrapped.readJSON, { Wrapped.plainWriter })
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
            if result != nil { canonical.warnIfInactive(value, reading) }
            return result
        }
    }

    /// Left out where it says nothing more than its default.
    func write(_ root: Root, into members: inout [(String, JSON)]) {
        guard !marks.isTransient else { return }
        let value = root[keyPath: path]
        if value == defaultValue { return }
        members.append((name, value.json))
    }
}
