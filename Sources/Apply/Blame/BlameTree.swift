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
    ///   - before: what stood there; nil for what is new
    ///   - origin: what made it `value`
    init(_ value: JSON, after before: BlameTree?, origin: Blame.Origin) {
        if let before, before.value == value {
            self = before
            return
        }
        self.value = value
        self.origin = origin
        switch value {
        case .object(let members) where !members.isEmpty:
            let known: [String: BlameTree] = if case .object(let known)? = before?.content { known } else { [:] }
            content = .object(
                Dictionary(
                    members.map { ($0.key, BlameTree($0.value, after: known[$0.key], origin: origin)) }
                ) { first, _ in first })
        case .array(let items):
            content = Self.list(items, before, origin)
        default:
            content = .leaf
        }
    }

    /// Items are found again by their names; where they have none, by their places if they are mappings. A list of
    /// single values without names is one value.
    private static func list(_ items: [JSON], _ before: BlameTree?, _ origin: Blame.Origin) -> Content {
        let known: [BlameTree] = if case .list(let known)? = before?.content { known } else { [] }
        if let named = NamedItems(items), !items.isEmpty {
            let old = NamedItems(known.map(\.value))
            return .list(
                named.items.map { item in
                    let earlier = old?[item.key].flatMap { known.indices.contains($0.index) ? known[$0.index] : nil }
                    return BlameTree(item.value, after: earlier, origin: origin)
                })
        }
        guard items.contains(where: { $0.object != nil }) else { return .leaf }
        return .list(
            items.enumerated().map { index, item in
                BlameTree(item, after: known.indices.contains(index) ? known[index] : nil, origin: origin)
            })
    }
}
