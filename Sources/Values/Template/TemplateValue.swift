import Mustache

/// A value as swift-mustache sees it. It encodes itself, so no tag can put it in as anything else.
struct TemplateValue: MustacheParent, MustacheCustomRenderable {
    /// `nil` is missing.
    let value: JSON?
    let isRoot: Bool
    let encoding: TemplateEncoding
    let budget: TemplateBudget

    /// Sections are looked up by a name of their own (see `TemplateCompiler`), never through this.
    var isNull: Bool { false }

    var renderText: String {
        guard !budget.isSpent else { return "" }
        let text = encoding.text(of: value)
        budget.spend(bytes: text.utf8.count)
        return text
    }

    /// A path in the compiler's writing; `nil` lets swift-mustache ask the value further out.
    func child(named path: String) -> Any? {
        budget.spendStep()
        guard !budget.isSpent else { return false }
        var names = path.split(separator: "?").map(String.init)
        var cost: Int?
        if let last = names.last, last.utf8.first == UInt8(ascii: "*") {
            cost = Int(last.dropFirst()) ?? 0
            names.removeLast()
        }
        var target = value
        for (place, name) in names.enumerated() {
            target = target?.child(name)
            if target == nil {
                if place == 0, !isRoot { return nil }
                break
            }
        }
        guard let cost else { return with(target) }
        return section(target, cost: cost)
    }

    /// What `{{#path}}` and `{{^path}}` decide by: a list to walk, a yes or no, or a value to go into.
    private func section(_ target: JSON?, cost: Int) -> Any {
        switch target {
        case nil, .null?, .bool(false)?: return false
        case .array(let values)? where values.isEmpty: return false
        case .array(let values)? where cost >= 0:
            return TemplateList(values: values, cost: cost, context: self)
        case .bool?:
            budget.spend(bytes: cost)
            return true
        case let target?:
            budget.spend(bytes: cost)
            return with(target)
        }
    }

    func with(_ value: JSON?) -> TemplateValue {
        TemplateValue(value: value, isRoot: false, encoding: encoding, budget: budget)
    }
}

/// A list that a section walks; each element is charged with the text that it repeats.
struct TemplateList: MustacheSequence, Sequence {
    let values: [JSON]
    let cost: Int
    let context: TemplateValue

    func makeIterator() -> AnyIterator<TemplateValue> {
        var values = values.makeIterator()
        return AnyIterator {
            context.budget.spendStep()
            guard let value = values.next() else { return nil }
            context.budget.spend(bytes: cost)
            return context.budget.isSpent ? nil : context.with(value)
        }
    }
}
