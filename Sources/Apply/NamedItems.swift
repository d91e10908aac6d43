import Values

/// A list whose items say who they are: by `name`, by `path`, or as a text that is a name.
struct NamedItems {
    /// Several items of one name are told apart by their order: conditions may look at one path twice.
    struct Key: Hashable {
        let name: String
        let occurrence: Int
    }

    struct Item {
        let key: Key
        let index: Int
        let value: JSON

        var label: String { key.occurrence == 1 ? key.name : "\(key.name) #\(key.occurrence)" }
    }

    let items: [Item]
    private let byKey: [Key: Item]

    /// Nil where an item has no name.
    init?(_ values: [JSON]) {
        var occurrences: [String: Int] = [:]
        var items: [Item] = []
        for (index, value) in values.enumerated() {
            guard let name = value.string ?? value["name"]?.string ?? value["path"]?.string else { return nil }
            let occurrence = occurrences[name, default: 0] + 1
            occurrences[name] = occurrence
            items.append(Item(key: Key(name: name, occurrence: occurrence), index: index, value: value))
        }
        self.items = items
        byKey = Dictionary(items.map { ($0.key, $0) }) { first, _ in first }
    }

    subscript(key: Key) -> Item? { byKey[key] }

    /// An item that is only its name, in the form of those that say more.
    static func mapping(_ value: JSON) -> JSON {
        value.string.map { ["name": .string($0)] } ?? value
    }
}
