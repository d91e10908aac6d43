import Spec

/// Gives each node a number: comparing names takes longer than following them. A catalog's resources have the numbers of
/// their places.
struct ReachNodes: Sendable {
    private let catalog: Catalog
    private var others: [ReachNode] = []
    private var numbers: [ReachNode: Int] = [:]

    init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    var count: Int { catalog.resources.count + others.count }

    subscript(number: Int) -> ReachNode {
        let count = catalog.resources.count
        return number < count ? .resource(catalog.resources[number].id) : others[number - count]
    }

    subscript(id: ResourceID) -> Int? { catalog.place(of: id) ?? numbers[.resource(id)] }

    mutating func number(of node: ReachNode) -> Int {
        if case .resource(let id) = node, let place = catalog.place(of: id) { return place }
        if let number = numbers[node] { return number }
        let number = count
        others.append(node)
        numbers[node] = number
        return number
    }
}
