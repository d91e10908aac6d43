import Spec
import State

/// What a plan has to see besides the resources that change: whoever works with them, and what those come to.
struct Neighbourhood {
    private let touched: TouchedResources
    private let state: StateReader
    private let new: [ResourceID: Resource]
    /// In force, of what was looked at so far.
    private var known: [ResourceID: Resource]
    private let usersOfNew: [ResourceID: [ResourceID]]

    /// As they would be: the touched resources as they are declared, the others as they are in force.
    var declared: [Resource] { touched.declared + known.values.filter { touched.recorded[$0.id] == nil } }
    /// As they are in force.
    var applied: [Resource] { Array(known.values) }

    init(_ touched: TouchedResources, _ state: StateReader) throws {
        self.touched = touched
        self.state = state
        new = Dictionary(touched.declared.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        known = touched.recorded.merging(touched.targets) { first, _ in first }
        var users: [ResourceID: [ResourceID]] = [:]
        for resource in touched.declared {
            for use in resource.references where use.isUse { users[use.target, default: []].append(resource.id) }
        }
        usersOfNew = users
        let above = try above(touched.changed)
        let listening = try usersOfRepositories()
        let starts = above.union(listening).union(touched.changed).union(touched.removed).filter {
            [.trigger, .agent, .tool].contains($0.kind)
        }
        try descend(from: starts)
    }

    /// Whoever comes to some resources, through others too.
    private mutating func above(_ ids: Set<ResourceID>) throws -> Set<ResourceID> {
        var seen = ids
        var edge = ids
        while !edge.isEmpty {
            var users = try state.users(of: edge, usesOnly: true).mapValues { users in
                users.filter { touched.recorded[$0] == nil }
            }
            for id in edge { users[id, default: []] += usersOfNew[id] ?? [] }
            edge = Set(users.values.joined()).subtracting(seen)
            try load(edge)
            seen.formUnion(edge)
        }
        return seen
    }

    /// Events come in by a repository's address, which is no use of it.
    private mutating func usersOfRepositories() throws -> Set<ResourceID> {
        let repositories = touched.changed.filter { $0.kind == .repository }
        let users = Set(try state.users(of: repositories, usesOnly: false).values.joined())
        try load(users)
        return users
    }

    private mutating func descend(from starts: Set<ResourceID>) throws {
        var seen = starts
        var edge = starts
        while !edge.isEmpty {
            let versions = edge.flatMap { [known[$0], new[$0]].compactMap(\.self) }
            edge = Set(versions.flatMap { $0.references.map(\.target) }).subtracting(seen)
            seen.formUnion(edge)
            try load(edge)
        }
    }

    private mutating func load(_ ids: Set<ResourceID>) throws {
        for resource in try state.resources(ids.filter { known[$0] == nil && new[$0] == nil }) {
            known[resource.id] = Resource(resource)
        }
    }
}
