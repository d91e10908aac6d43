import Spec
import State

/// What a plan has to see besides the resources that change: whoever works with them, whoever's runs set those off, and
/// what all of these come to.
struct Neighbourhood {
    private let touched: TouchedResources
    private let state: StateReader
    private let new: [ResourceID: Resource]
    /// In force, of what was looked at so far.
    private var known: [ResourceID: Resource]
    private let usersOfNew: [ResourceID: [ResourceID]]
    /// Touched triggers by the runs that they listen to, as they are declared.
    private let newListeners: [ResourceID: [ResourceID]]

    /// As they would be: the touched resources as they are declared, the others as they are in force.
    var declared: [Resource] { touched.declared + known.values.filter { touched.recorded[$0.id] == nil } }
    /// As they are in force.
    var applied: [Resource] { Array(known.values) }

    /// Nil where the runs of anybody set off what changes: then every trigger leads to it.
    init?(_ touched: TouchedResources, _ state: StateReader) throws {
        self.touched = touched
        self.state = state
        new = Dictionary(touched.declared.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        known = touched.recorded.merging(touched.targets) { first, _ in first }
        var users: [ResourceID: [ResourceID]] = [:]
        for resource in touched.declared {
            for use in resource.references where use.isUse { users[use.target, default: []].append(resource.id) }
        }
        usersOfNew = users
        var listeners: [ResourceID: [ResourceID]] = [:]
        for resource in touched.declared {
            if let runs = RunListener(resource)?.runs { listeners[runs, default: []].append(resource.id) }
        }
        newListeners = listeners
        let above = try above(touched.changed)
        guard let feeding = try feeding(above) else { return nil }
        let listening = try usersOfRepositories()
        let starts = above.union(feeding).union(listening).union(touched.changed).union(touched.removed).filter {
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

    /// Whoever comes to the agents whose runs set off some of these, or of what is touched, and so on; nil where those
    /// are anybody's.
    private mutating func feeding(_ above: Set<ResourceID>) throws -> Set<ResourceID>? {
        var seen = above
        var edge = above.union(touched.ids)
        while true {
            let heard = edge.flatMap { [known[$0], new[$0]].compactMap(\.self) }.compactMap { RunListener($0) }
            guard heard.allSatisfy({ $0.agent != nil }) else { return nil }
            let agents = Set(heard.compactMap { $0.agent.map(Agent.id) }).subtracting(seen)
            guard !agents.isEmpty else { return seen }
            try load(agents)
            edge = try self.above(agents).subtracting(seen)
            seen.formUnion(edge)
        }
    }

    /// Triggers that the runs of some resources set off.
    private func listeners(to ids: Set<ResourceID>) throws -> Set<ResourceID> {
        let agents = ids.filter { $0.kind == .agent }
        guard !agents.isEmpty || ids.contains(where: { $0.kind == .trigger }) else { return [] }
        let runs = Set(agents.map { RunListener.runs(of: $0.name) }).union([RunListener.runs(of: nil)])
        let recorded = try state.users(of: runs, usesOnly: false).values.joined()
        return Set(recorded).union(runs.flatMap { newListeners[$0] ?? [] })
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
            edge = Set(versions.flatMap { $0.references.map(\.target) })
                .union(try listeners(to: edge)).subtracting(seen)
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
