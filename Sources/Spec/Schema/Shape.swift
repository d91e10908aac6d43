import Values

/// What a value looks like, as plain data: JSON Schema, the reference pages, references, the diff and redaction are
/// functions over it. It holds no closures, so that nothing can be checked that these do not show.
package indirect enum Shape: Sendable {
    case text(TextShape)
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    case choice([String])
    case list(Shape, atMost: Int)
    case map(Shape)
    case object(ObjectShape)
    /// Told apart by their JSON type: at most one alternative each of text, list and mapping.
    case anyOf([Shape])
    /// The name of another resource.
    case reference(KindName)
    /// A JSON Schema, written in place.
    case jsonSchema
    /// Any JSON value.
    case any
}

/// A string and what it must match.
package struct TextShape: Sendable {
    /// What it is, for a person: `a duration such as 30s or 1h30m`.
    package let what: String
    /// A regular expression of the common subset (ECMA 262 and PCRE2).
    package let pattern: String?
    package let maximumLength: Int?

    package init(_ what: String, pattern: String? = nil, maximumLength: Int? = nil) {
        self.what = what
        self.pattern = pattern
        self.maximumLength = maximumLength
    }

    /// Whether a number without quotes can be such a text: `name: 7` can, `timeout: 7` cannot.
    package var admitsNumbers: Bool {
        guard let pattern else { return true }
        return (try? Pattern(pattern))?.matches("7") == true
    }
}

/// A mapping with known fields.
package struct ObjectShape: Sendable {
    package let name: String
    package let summary: String
    package let fields: [FieldDescription]
    package let constraints: [Constraint]
    private let names: [String: Int]
    /// The places of those fields in which another resource may be named.
    let referring: [Int]

    package init(name: String, summary: String, fields: [FieldDescription], constraints: [Constraint] = []) {
        self.name = name
        self.summary = summary
        self.fields = fields
        self.constraints = constraints
        referring = fields.indices.filter { fields[$0].shape.mayRefer }
        names = Dictionary(fields.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    }

    package subscript(field name: String) -> FieldDescription? {
        names[name].map { fields[$0] }
    }

    /// The shape of a field, and whether its values must not be shown.
    package func member(_ name: String) -> (shape: Shape, isSensitive: Bool)? {
        names[name].map { (fields[$0].shape, fields[$0].marks.isSensitive) }
    }

    func hasField(_ name: String) -> Bool { names[name] != nil }
}

/// A rule between the fields of one mapping.
package enum Constraint: Sendable, Hashable {
    case exactlyOne([String])
    case atMostOne([String])
    /// A field that is needed where another has this value, and refused elsewhere.
    case onlyWhere(String, isNeededBy: String, being: String)
}

/// One field of a mapping, as data.
package struct FieldDescription: Sendable {
    package let name: String
    package let summary: String
    package let shape: Shape
    package let isRequired: Bool
    /// In canonical JSON; absent for required and optional fields.
    package let defaultValue: JSON?
    package let marks: FieldMarks
}

/// What else is to be known of a field.
package struct FieldMarks: Sendable {
    /// Its value, and all below it, never appears in a plan, a log or an error.
    package var isSensitive = false
    /// It is an instruction to the reader and no part of the resource: left out of canonical JSON.
    package var isTransient = false
    /// Read but not acted on by this version.
    package var isInactive = false
    /// Those of its choices that this version does not act on.
    package var inactiveChoices: Set<String> = []
    /// What an operator may do to it without a commit.
    package var byHand: ByHand?

    package static let plain = FieldMarks()
    package static let sensitive = FieldMarks(isSensitive: true)
    package static let transient = FieldMarks(isTransient: true)
    package static let inactive = FieldMarks(isInactive: true)

    package static let suspends = FieldMarks(byHand: .turnOn)
    package static let limit = FieldMarks(byHand: .lower)

    package static func inactive(_ choices: String...) -> FieldMarks {
        FieldMarks(inactiveChoices: Set(choices))
    }
}

/// How an operator may make a field stricter.
package enum ByHand: Sendable, Hashable {
    case turnOn
    case lower

    var verb: String {
        switch self {
        case .turnOn: "turn on"
        case .lower: "lower"
        }
    }
}
