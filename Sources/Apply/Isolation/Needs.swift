import Spec

/// Which resources need some others, through any number of steps, and how the shortest way there begins.
package struct Needs {
    package struct Need {
        let use: ReferenceUse
        /// The one at the end of the way.
        package let root: ResourceID
    }

    package private(set) var found: [ResourceID: Need] = [:]

    /// - Parameter roots: in the order in which they are named where several are equally near
    package init(of resources: some Collection<Resource>, to roots: [ResourceID]) {
        guard !roots.isEmpty else { return }
        var users: [ResourceID: [(id: ResourceID, use: ReferenceUse)]] = [:]
        for resource in resources.sorted(by: { $0.id < $1.id }) {
            for use in resource.references { users[use.target, default: []].append((resource.id, use)) }
        }
        var edge = roots.map { (id: $0, root: $0) }
        while !edge.isEmpty {
            var next: [(id: ResourceID, root: ResourceID)] = []
            for (id, root) in edge {
                for user in users[id] ?? [] where found[user.id] == nil {
                    found[user.id] = Need(use: user.use, root: root)
                    next.append((user.id, root))
                }
            }
            edge = next
        }
    }
}
