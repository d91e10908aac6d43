import Values

extension ObjectShape {
    /// Reports unknown fields and broken constraints; false where the mapping cannot stand.
    ///
    /// - Parameter knowsAll: whether each key is known to be a field's
    func check(_ node: Node, _ reading: ManifestReading, knowsAll: Bool = false) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        var isSound = true
        for entry in knowsAll ? [] : entries where !hasField(entry.key) {
            let near = nearestName(to: entry.key, among: fields.map(\.name))
            let fix =
                near.map { "did you mean `\($0)`?" } ?? "known here: \(fields.map(\.name).joined(separator: ", "))"
            reading.report(.unknownField, "unknown field \(quoted(entry.key))", at: entry.keyMark, fix: fix)
            isSound = false
        }
        for constraint in constraints where !check(constraint, entries, node, reading) { isSound = false }
        return isSound
    }

    private func check(
        _ constraint: Constraint, _ entries: [Node.Entry], _ node: Node, _ reading: ManifestReading
    ) -> Bool {
        switch constraint {
        case .exactlyOne(let names):
            if entries.count(where: { names.contains($0.key) }) == 1 { return true }
            let present = entries.filter { names.contains($0.key) }
            if present.isEmpty {
                reading.report(.exclusiveFields, "one of \(list(names, "or")) is needed", node)
                reading.doubt(names)
                return false
            }
            return refuse(present.dropFirst(), names, reading)
        case .atMostOne(let names):
            if entries.count(where: { names.contains($0.key) }) <= 1 { return true }
            return refuse(entries.filter { names.contains($0.key) }.dropFirst(), names, reading)
        case .onlyWhere(let name, let choice, let value):
            let isChosen = entries.contains { $0.key == choice && $0.value.isText(value) }
            let present = entries.first { $0.key == name }
            if isChosen, present == nil {
                let summary = self[field: name]?.summary ?? ""
                reading.report(
                    .missingField, "`\(choice): \(value)` needs `\(name)`", node, fix: "\(name): … (\(summary))")
                reading.doubt([name, choice])
                return false
            }
            guard !isChosen, let present else { return true }
            reading.report(
                .exclusiveFields, "`\(name)` is only for \(choice) \(value)", present.value,
                fix: "remove it, or write \(choice): \(value)")
            reading.doubt([name, choice])
            return false
        }
    }

    private func refuse(_ extra: ArraySlice<Node.Entry>, _ names: [String], _ reading: ManifestReading) -> Bool {
        guard let first = extra.first else { return true }
        reading.report(
            .exclusiveFields, "only one of \(list(names, "or")) may be given", at: first.keyMark,
            fix: "keep one of them")
        reading.doubt(names)
        return false
    }

    private func list(_ names: [String], _ word: String) -> String {
        let quoted = names.map { "`\($0)`" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " \(word) " + last
    }
}

extension Node {
    fileprivate func isText(_ value: String) -> Bool {
        guard case .scalar(let text, _) = content else { return false }
        return text == value
    }
}
