import Values

/// A manifest of whose every value is known where it came from last.
struct BlameTree: Sendable {
    enum Content: Sendable {
        case leaf
        case object([String: BlameTree])
        case list([BlameTree])
    }

    let value: JSON
    let origin: Blame.Origin
    let content: Content

    /// - Parameters:
    ///   - before: what stood there, in each of what it was made from: of a merge in both sides
    ///   - origin: what made it `value` where it is in none of them
    init(_ value: JSON, after before: [BlameTree], origin: Blame.Origin) {
        if let same = before.first(where: { $0.value == value }) {
            self = same
            return
        }
        self.value = value
        self.origin = origin
        switch value {
        case .object(let members) where !members.isEmpty:
            let known = before.compactMap { if case .object(let known) = $0.content { known } else { nil } }
            content = .object(
                Dictionary(
                    members.map { key, member in
                        (key, BlameTree(member, after: known.compactMap { $0[key] }, origin: origin))
                    }
                ) { first, _ in first })
        case .array(let items):
            let known = before.compactMap { if case .list(let known) = $0.content { known } else { nil } }
            content = Self.list(items, known, origin)
        default:
            content = .leaf
        }
    }

    /// Items are found again by their names; where they have none, by their places if they are mappings. A list of
    /// single values without names is one value.
    private static func list(_ items: [JSON], _ before: [[BlameTree]], _ origin: Blame.Origin) -> Content {
        if let named = NamedItems(items), !items.isEmpty {
            let old = before.map { (items: $0, named: NamedItems($0.map(\.value))) }
            return .list(
                named.items.map { item in
                    let earlier = old.compactMap { known in
                        known.named?[item.key].flatMap { known.items.element(at: $0.index) }
                    }
                    return BlameTree(item.value, after: earlier, origin: origin)
                })
        }
        guard items.contains(where: { $0.object != nil }) else { return .leaf }
        return .list(
            items.enumerated().map { index, item in
                BlameTree(item, after: before.compactMap { $0.element(at: index) }, origin: origin)
            })
    }
}

extension Array {
    fileprivate func element(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
