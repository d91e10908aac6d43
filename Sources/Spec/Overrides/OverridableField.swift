import Values

/// A field that its kind marks as one that operators may hold to a stricter value.
struct OverridableField {
    let description: FieldDescription
    let rule: ByHand

    /// `nil` for a field that is not there, or not marked.
    init?(_ pointer: JSONPointer, of kind: KindName) {
        guard pointer.tokens.first == "spec", pointer.tokens.count > 1, var shape = KindCatalog[kind]?.shape else {
            return nil
        }
        var found: FieldDescription?
        for token in pointer.tokens.dropFirst() {
            guard case .object(let object) = shape, let field = object[field: token] else { return nil }
            found = field
            shape = field.shape
        }
        guard let found, let rule = found.marks.byHand else { return nil }
        description = found
        self.rule = rule
    }

    /// All of a kind: `spec.limits.concurrency`.
    static func labels(of kind: KindName) -> [String] {
        func labels(_ shape: Shape, _ label: String) -> [String] {
            guard case .object(let object) = shape else { return [] }
            return object.fields.flatMap { field in
                (field.marks.byHand == nil ? [] : ["\(label).\(field.name)"])
                    + labels(field.shape, "\(label).\(field.name)")
            }
        }
        return KindCatalog[kind].map { labels($0.shape, "spec") } ?? []
    }

    /// A value as the command line says it.
    func value(of text: String) -> JSON? {
        switch description.shape {
        case .boolean: text == "true" ? true : text == "false" ? false : nil
        case .integer(let range): Int(text).flatMap { range.contains($0) ? .number(JSONNumber($0)) : nil }
        // None at all would be lower than any, and is no limit.
        case .text: Duration(manifest: text).flatMap { $0 > .zero ? .string($0.manifestText) : nil }
        default: nil
        }
    }

    /// Whether a value says more than the manifest; what the manifest leaves out is the default, or no limit.
    func isStricter(_ value: JSON, than declared: JSON?) -> Bool {
        let declared = declared ?? description.defaultValue
        switch rule {
        case .turnOn: return value.bool == true && declared?.bool != true
        case .lower:
            guard let amount = amount(value), amount > 0 else { return false }
            return declared.flatMap(self.amount).map { amount < $0 } ?? true
        }
    }

    private func amount(_ value: JSON) -> Int64? {
        if let text = value.string { return Duration(manifest: text)?.milliseconds }
        return value.int.map(Int64.init)
    }
}
