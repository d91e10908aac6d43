import Values

/// Writes a value of one type, where it is sound and usual; see `PlainReading`. False where somebody has to look closely.
package typealias PlainWriter = @Sendable (Int, inout PlainReading) -> Bool

/// A mapping with known fields, made ready for the quick way from its schema.
final class PlainObject: Sendable {
    private enum Condition {
        case exactlyOne(UInt64)
        case atMostOne(UInt64)
        /// The field, the field whose choice it goes with, and that choice.
        case onlyWhere(Int, Int, ShortName)
    }

    private final class PlainRule: Sendable {
        let rule: Rule
        /// The fields of which one must be there before it has something to say; all of them where it does not tell.
        let concerns: UInt64

        init(_ rule: Rule, concerns: UInt64) {
            self.rule = rule
            self.concerns = concerns
        }

        func isKept(_ node: Int, _ start: Int, _ reading: borrowing PlainReading) -> Bool {
            if let isSurelyKept = rule.isSurelyKept, isSurelyKept(node, reading) { return true }
            return reading.keeps(rule, node, start)
        }
    }

    private let fields: [PlainField]
    private let names: [ShortName]
    private let required: UInt64
    private let conditions: [Condition]
    private let rules: [PlainRule]

    /// Nil for a mapping that the quick way cannot know.
    init?(_ shape: ObjectShape, _ fields: [CanonicalField], _ rules: [Rule]) {
        guard fields.count <= 64 else { return nil }
        let order = fields.indices.sorted { fields[$0].name.utf8.lexicographicallyPrecedes(fields[$1].name.utf8) }
        var ranks = Array(repeating: 0, count: fields.count)
        for (rank, index) in order.enumerated() { ranks[index] = rank }
        self.fields = fields.indices.map { PlainField(fields[$0], rank: ranks[$0]) }
        names = fields.compactMap { ShortName($0.name) }
        guard names.count == fields.count else { return nil }
        var required: UInt64 = 0
        for index in fields.indices where fields[index].isRequired { required |= 1 << UInt64(index) }
        self.required = required
        func mask(_ names: [String]) -> UInt64? {
            var mask: UInt64 = 0
            for name in names {
                guard let index = fields.firstIndex(where: { $0.name == name }) else { return nil }
                mask |= 1 << UInt64(index)
            }
            return mask
        }
        var conditions: [Condition] = []
        for constraint in shape.constraints {
            switch constraint {
            case .exactlyOne(let names):
                guard let mask = mask(names) else { return nil }
                conditions.append(.exactlyOne(mask))
            case .atMostOne(let names):
                guard let mask = mask(names) else { return nil }
                conditions.append(.atMostOne(mask))
            case .onlyWhere(let name, let choice, let value):
                guard let field = fields.firstIndex(where: { $0.name == name }),
                    let chosen = fields.firstIndex(where: { $0.name == choice }), let value = ShortName(value)
                else { return nil }
                conditions.append(.onlyWhere(field, chosen, value))
            }
        }
        self.conditions = conditions
        var plainRules: [PlainRule] = []
        for rule in rules {
            guard let concerns = rule.concerns.map(mask) ?? .some(.max) else { return nil }
            plainRules.append(PlainRule(rule, concerns: concerns))
        }
        self.rules = plainRules
    }

    func write(_ node: Int, _ reading: inout PlainReading) -> Bool {
        guard reading.form(of: node) == .mapping else { return false }
        let first = reading.slots.count
        for _ in fields.indices { reading.slots.append(-1) }
        defer { reading.slots.cut(to: first) }
        guard let present = find(node, first, &reading), required & ~present == 0,
            keepsConditions(present, first, reading)
        else { return false }
        let start = reading.output.count
        let firstSegment = reading.segments.count
        reading.output.append(UInt8(ascii: "{"))
        var rest = present
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest - 1
            guard fields[index].write(reading.slots[first + index], &reading) else { return false }
        }
        guard reading.closeObject(firstSegment, { left, right, _ in left.order < right.order }) else { return false }
        for rule in rules where rule.concerns == .max || rule.concerns & present != 0 {
            guard rule.isKept(node, start, reading) else { return false }
        }
        return true
    }

    /// Which fields are there, with their values in the slots. Authors write them mostly in the order of the fields, so
    /// that each search begins behind the last find.
    private func find(_ node: Int, _ first: Int, _ reading: inout PlainReading) -> UInt64? {
        var present: UInt64 = 0
        var next = 0
        var key = node + 1
        let end = Int(reading.yaml.nodes[node].next)
        while key < end {
            guard let name = ShortName(reading.text(of: key)) else { return nil }
            var index = next
            while index < names.count, names[index] != name { index += 1 }
            if index == names.count {
                index = 0
                while index < next, names[index] != name { index += 1 }
                if index == next { return nil }
            }
            let bit: UInt64 = 1 << UInt64(index)
            // A key that stands there twice.
            guard present & bit == 0 else { return nil }
            present |= bit
            reading.slots[first + index] = key + 1
            next = index + 1
            key = Int(reading.yaml.nodes[key + 1].next)
        }
        return present
    }

    private func keepsConditions(_ present: UInt64, _ first: Int, _ reading: borrowing PlainReading) -> Bool {
        for condition in conditions {
            switch condition {
            case .exactlyOne(let mask): if (present & mask).nonzeroBitCount != 1 { return false }
            case .atMostOne(let mask): if (present & mask).nonzeroBitCount > 1 { return false }
            case .onlyWhere(let field, let choice, let value):
                let slot = reading.slots[first + choice]
                let isChosen =
                    slot >= 0 && reading.yaml.nodes[slot].isScalar && ShortName(reading.text(of: slot)) == value
                if isChosen != (present & 1 << UInt64(field) != 0) { return false }
            }
        }
        return true
    }
}

/// One field of such a mapping.
private final class PlainField: Sendable {
    private let rank: Int
    private let quotedName: [UInt8]
    /// With the colon behind it.
    private let member: [UInt8]
    private let names: SecretNames
    private let isUnusual: Bool
    private let unusualChoices: [ShortName]
    private let defaultBytes: [UInt8]?
    private let writer: PlainWriter

    init(_ field: CanonicalField, rank: Int) {
        self.rank = rank
        quotedName = JSON.string(field.name).canonicalBytes
        member = quotedName + [UInt8(ascii: ":")]
        names = SecretNames(of: field.name)
        let choices = field.marks.inactiveChoices.map { ShortName($0) }
        isUnusual = field.marks.isInactive || field.marks.isTransient || choices.contains(nil)
        unusualChoices = choices.compactMap(\.self)
        defaultBytes = field.defaultJSON?.canonicalBytes
        writer = field.plainWriter()
    }

    func write(_ node: Int, _ reading: inout PlainReading) -> Bool {
        if isUnusual || isUnusualChoice(node, reading) { return false }
        let start = reading.output.count
        reading.output.append(member)
        let value = reading.output.count
        let outer = reading.enter(quoted: quotedName, node, names)
        guard writer(node, &reading) else { return false }
        reading.leave(outer)
        if let defaultBytes, reading.output.ends(with: defaultBytes, from: value) {
            reading.output.cut(to: start)
            return true
        }
        reading.output.append(UInt8(ascii: ","))
        reading.segments.append(.init(order: rank, start: start, end: reading.output.count))
        return true
    }

    private func isUnusualChoice(_ node: Int, _ reading: borrowing PlainReading) -> Bool {
        guard !unusualChoices.isEmpty, reading.yaml.nodes[node].isScalar else { return false }
        return ShortName(reading.text(of: node)).map(unusualChoices.contains) ?? true
    }
}

extension Store<UInt8> {
    fileprivate func ends(with bytes: [UInt8], from start: Int) -> Bool {
        guard count - start == bytes.count else { return false }
        return elements(start..<count).elementsEqual(bytes)
    }
}
