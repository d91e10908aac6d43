import Values

/// A field of any type, read as canonical JSON.
///
/// It knows no type: what the runtime does to find out about types takes longer than reading a value. A class, because
/// reading hands it on for every value of every manifest.
final class CanonicalField: Sendable {
    typealias Reader = @Sendable (Node, ManifestReading) -> JSON?

    let name: String
    private let summary: String
    let marks: FieldMarks
    let isRequired: Bool
    private let mayBeInactive: Bool
    let defaultJSON: JSON?
    private let readJSON: Reader
    /// Made where it is asked for: most processes read no manifests.
    let plainWriter: @Sendable () -> PlainWriter

    init(
        _ name: String, _ summary: String, _ marks: FieldMarks, isRequired: Bool, default defaultJSON: JSON?,
        _ readJSON: @escaping Reader, _ plainWriter: @escaping @Sendable () -> PlainWriter
    ) {
        self.name = name
        self.summary = summary
        self.marks = marks
        self.isRequired = isRequired
        self.mayBeInactive = marks.isInactive || !marks.inactiveChoices.isEmpty
        self.defaultJSON = defaultJSON
        self.readJSON = readJSON
        self.plainWriter = plainWriter
    }

    /// Reads the value that stands under the field's name in `mapping`; nil where none does.
    func read(_ value: Node?, in mapping: Node, _ reading: ManifestReading) -> CanonicalMember {
        let member = member(value, in: mapping, reading)
        reading.keep(member, under: name, isWritten: value != nil)
        return member
    }

    private func member(_ value: Node?, in mapping: Node, _ reading: ManifestReading) -> CanonicalMember {
        guard let value else {
            guard isRequired else { return .unsaid }
            reading.report(.missingField, "field `\(name)` is missing", mapping, fix: "\(name): … (\(summary))")
            return .missing
        }
        let json = reading.descend(name, value) { () -> JSON? in
            let json = readJSON(value, reading)
            if json != nil { warnIfInactive(value, reading) }
            return json
        }
        guard let json else { return .missing }
        if marks.isTransient { return .unsaid }
        if let defaultJSON, defaultJSON == json { return .unsaid }
        return .value(json)
    }

    func warnIfInactive(_ node: Node, _ reading: ManifestReading) {
        guard mayBeInactive, case .repository = reading.source else { return }
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
