import Values

extension Trigger.Condition {
    /// Whether the condition holds for an event's object. What cannot be decided within the bounds of a pattern search
    /// does not hold.
    package func holds(for object: JSON) -> Bool { holds(of: object.value(atPath: path)) }

    /// - Parameter value: what stands at the path
    func holds(of value: JSON?) -> Bool {
        if let exists { return (value != nil) == exists }
        guard let value else { return false }
        if let equals { return value == equals.json }
        if let choices = self.in { return choices.contains { $0.json == value } }
        if let matches { return Self.text(of: value).map(matches.matches) ?? false }
        return false
    }

    /// `payload.action equals "opened"`, for the reason why a trigger did not fire.
    package var summary: String {
        if let equals { return "\(path) equals \(equals.json.canonicalText)" }
        if let choices = self.in { return "\(path) in \(JSON.array(choices.map(\.json)).canonicalText)" }
        if let matches { return "\(path) matches \(matches.text)" }
        return "\(path) \(exists == false ? "does not exist" : "exists")"
    }

    private static func text(of value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}
