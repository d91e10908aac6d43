/// A word of the keyword `type`.
enum JSONSchemaType: String, Sendable, CaseIterable {
    case null, boolean, integer, number, string, array, object

    func holds(_ value: JSON) -> Bool {
        switch (self, value) {
        case (.null, .null), (.boolean, .bool), (.number, .number), (.string, .string), (.array, .array),
            (.object, .object):
            true
        case (.integer, .number(let number)): number.isInteger
        default: false
        }
    }

    /// `a string or null`
    static func phrase(_ types: [JSONSchemaType]) -> String {
        types.map(\.phrase).joined(separator: " or ")
    }

    private var phrase: String {
        switch self {
        case .null: "null"
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
