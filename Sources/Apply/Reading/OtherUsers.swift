import Spec
import State

/// Who uses resources, seen from some that change: what is recorded of all others, and what these say now.
struct OtherUsers {
    private let state: StateReader
    private let recorded: [ResourceID: Resource]
    private let declared: [ResourceID: Resource]

    init(_ declared: [Resource], _ recorded: [ResourceID: Resource], _ state: StateReader) {
        self.state = state
        self.recorded = recorded
        self.declared = Dictionary(declared.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Those of some agents that somebody uses who does not change.
    func usedElsewhere(_ ids: Set<ResourceID>) throws -> Set<ResourceID> {
        let agents = ids.filter { $0.kind == .agent }
        return Set(try unchangingUsers(of: agents).filter { !$0.value.isEmpty }.keys)
    }

    /// Files of resources that do not change, of which there is something else to say now: agents that come to be used
    /// or left alone, and whoever uses an agent or a tool that is suspended now, or no longer.
    func filesWithOtherAdvice(
        _ changed: Set<ResourceID>, _ removed: Set<ResourceID>, _ targets: [ResourceID: Resource]
    ) throws -> Set<String> {
        var others: Set<ResourceID> = []
        let before = uses(removed.union(changed).compactMap { recorded[$0] })
        let after = uses(changed.compactMap { declared[$0] })
        let agents = before.symmetricDifference(after).filter {
            $0.kind == .agent && declared[$0] == nil && recorded[$0] == nil
        }
        for (agent, users) in try unchangingUsers(of: agents) where users.isEmpty { others.insert(agent) }
        let suspensions = changed.filter { id in
            [.agent, .tool].contains(id.kind)
                && (recorded[id]?.isSuspended ?? false) != (declared[id]?.isSuspended ?? false)
        }
        others.formUnion(try unchangingUsers(of: suspensions).values.joined())
        return Set(try state.resources(others).map(\.place.path))
    }

    private func uses(_ resources: [Resource]) -> Set<ResourceID> {
        Set(resources.flatMap { $0.references.filter(\.isUse).map(\.target) })
    }

    private func unchangingUsers(of ids: some Collection<ResourceID>) throws -> [ResourceID: [ResourceID]] {
        try state.users(of: ids, usesOnly: true).mapValues { users in
            users.filter { recorded[$0] == nil && declared[$0] == nil }
        }
    }
}
