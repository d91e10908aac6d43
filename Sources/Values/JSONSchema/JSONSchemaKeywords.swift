/// Reads the keywords of one schema object and checks their form.
struct JSONSchemaKeywords {
    let schema: JSON
    let pointer: JSONPointer

    func place(_ keyword: String) -> JSONPointer { pointer.appending(keyword) }

    func text(_ keyword: String) throws(JSONSchemaError) -> String? {
        guard let value = schema[keyword] else { return nil }
        guard let text = value.string else { throw wrong(keyword, "a string") }
        return text
    }

    /// A whole number from 0. Beyond `Int` it is as good as `Int.max`.
    func count(_ keyword: String) throws(JSONSchemaError) -> Int? {
        guard let value = schema[keyword] else { return nil }
        guard case .number(let number) = value, number.isInteger, number >= JSONNumber(0) else {
            throw wrong(keyword, "a whole number from 0")
        }
        return number.int ?? Int.max
    }

    func number(_ keyword: String) throws(JSONSchemaError) -> JSONNumber? {
        guard let value = schema[keyword] else { return nil }
        guard case .number(let number) = value else { throw wrong(keyword, "a number") }
        return number
    }

    func bool(_ keyword: String) throws(JSONSchemaError) -> Bool? {
        guard let value = schema[keyword] else { return nil }
        guard let bool = value.bool else { throw wrong(keyword, "`true` or `false`") }
        return bool
    }

    func schemas(_ keyword: String) throws(JSONSchemaError) -> [JSON]? {
        guard let value = schema[keyword] else { return nil }
        guard let schemas = value.array, !schemas.isEmpty else { throw wrong(keyword, "a list of schemas, not empty") }
        return schemas
    }

    func members(_ keyword: String) throws(JSONSchemaError) -> JSONMembers? {
        guard let value = schema[keyword] else { return nil }
        guard let members = value.object else { throw wrong(keyword, "an object") }
        return members
    }

    func names(_ value: JSON?, at place: JSONPointer) throws(JSONSchemaError) -> [String]? {
        guard let value else { return nil }
        let names = value.array?.compactMap(\.string)
        guard let names, names.count == value.array?.count else {
            throw JSONSchemaError(message: "must be a list of names", pointer: place)
        }
        return names
    }

    func pattern(_ text: String, at place: JSONPointer) throws(JSONSchemaError) -> Pattern {
        do {
            return try Pattern(JSONSchemaPattern.translated(text))
        } catch {
            throw JSONSchemaError(message: "the pattern cannot be used: \(error)", pointer: place)
        }
    }

    func wrong(_ keyword: String, _ wanted: String) -> JSONSchemaError {
        JSONSchemaError(message: "`\(keyword)` must be \(wanted)", pointer: place(keyword))
    }
}
