/// A keyword that looks at the value alone.
struct JSONSchemaAssertion: Sendable {
    let pointer: JSONPointer
    let rule: Rule

    enum Rule: Sendable {
        case type([JSONSchemaType])
        case oneOf([JSON])
        case constant(JSON)
        case minimum(JSONNumber)
        case exclusiveMinimum(JSONNumber)
        case maximum(JSONNumber)
        case exclusiveMaximum(JSONNumber)
        case multipleOf(JSONNumber)
        /// In code points.
        case minLength(Int)
        case maxLength(Int)
        case pattern(Pattern)
        case minItems(Int)
        case maxItems(Int)
        case uniqueItems
        case minProperties(Int)
        case maxProperties(Int)
        case required([String])
        case dependentRequired([String: [String]])
    }

    enum Outcome: Hashable {
        case valid
        /// What the value must be.
        case invalid(String)
        /// It takes too much work to know.
        case unknown(String)
    }

    func outcome(on value: JSON) -> Outcome {
        switch value {
        case .number(let number): number.outcome(rule) ?? common(value)
        case .string(let text): text.outcome(rule) ?? common(value)
        case .array(let values): values.outcome(rule) ?? common(value)
        case .object(let members): members.outcome(rule) ?? common(value)
        case .null, .bool: common(value)
        }
    }

    private func common(_ value: JSON) -> Outcome {
        switch rule {
        case .type(let types):
            types.contains { $0.holds(value) } ? .valid : .invalid("must be \(JSONSchemaType.phrase(types))")
        case .oneOf(let values):
            values.contains(value) ? .valid : .invalid("must be one of \(Self.shown(values))")
        case .constant(let constant):
            constant == value ? .valid : .invalid("must be \(Self.shown([constant]))")
        default:
            .valid
        }
    }

    private static func shown(_ values: [JSON]) -> String {
        let texts = values.prefix(20).map { value in
            let text = value.canonicalText
            return text.count > 60 ? text.prefix(60) + "…" : text
        }
        return texts.joined(separator: ", ") + (values.count > 20 ? ", …" : "")
    }
}

extension Bool {
    /// Valid, or what must be.
    fileprivate func or(_ message: @autoclosure () -> String) -> JSONSchemaAssertion.Outcome {
        self ? .valid : .invalid(message())
    }
}

extension JSONNumber {
    fileprivate func outcome(_ rule: JSONSchemaAssertion.Rule) -> JSONSchemaAssertion.Outcome? {
        switch rule {
        case .minimum(let bound): (self >= bound).or("must be at least \(bound)")
        case .exclusiveMinimum(let bound): (self > bound).or("must be more than \(bound)")
        case .maximum(let bound): (self <= bound).or("must be at most \(bound)")
        case .exclusiveMaximum(let bound): (self < bound).or("must be less than \(bound)")
        case .multipleOf(let divisor): isMultiple(of: divisor).or("must be a multiple of \(divisor)")
        default: nil
        }
    }
}

extension String {
    fileprivate func outcome(_ rule: JSONSchemaAssertion.Rule) -> JSONSchemaAssertion.Outcome? {
        switch rule {
        case .minLength(let count): (unicodeScalars.count >= count).or("must have at least \(count) characters")
        case .maxLength(let count): (unicodeScalars.count <= count).or("must have at most \(count) characters")
        case .pattern(let pattern):
            switch pattern.outcome(on: self) {
            case .match: .valid
            case .noMatch: .invalid("must match the pattern `\(pattern.text)`")
            case .limitExceeded: .unknown("cannot be matched with `\(pattern.text)`: it takes too many steps")
            }
        default: nil
        }
    }
}

extension [JSON] {
    fileprivate func outcome(_ rule: JSONSchemaAssertion.Rule) -> JSONSchemaAssertion.Outcome? {
        switch rule {
        case .minItems(let count): (self.count >= count).or("must have at least \(count) items")
        case .maxItems(let count): (self.count <= count).or("must have at most \(count) items")
        case .uniqueItems: (Set(self).count == count).or("must not hold the same item twice")
        default: nil
        }
    }
}

extension JSONMembers {
    fileprivate func outcome(_ rule: JSONSchemaAssertion.Rule) -> JSONSchemaAssertion.Outcome? {
        switch rule {
        case .minProperties(let count): (self.count >= count).or("must have at least \(count) properties")
        case .maxProperties(let count): (self.count <= count).or("must have at most \(count) properties")
        case .required(let names): all(names)
        case .dependentRequired(let names):
            all(names.keys.sorted().filter { self[$0] != nil }.flatMap { names[$0] ?? [] })
        default: nil
        }
    }

    private func all(_ names: [String]) -> JSONSchemaAssertion.Outcome {
        let missing = names.filter { self[$0] == nil }
        guard !missing.isEmpty else { return .valid }
        return .invalid("must have " + missing.map { "`\($0)`" }.joined(separator: ", "))
    }
}
