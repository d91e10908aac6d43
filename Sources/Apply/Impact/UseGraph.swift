import Spec
import Values

/// Who uses what in a catalog: the way from a resource up to the triggers that come to it.
struct UseGraph: Sendable {
    /// What comes of following the uses of something.
    struct Users: Sendable {
        var agents: Set<String> = []
        var triggers: Set<String> = []
    }

    private var users: [ResourceID: [ResourceID]] = [:]
    /// What each trigger runs.
    private var targets: [String: ResourceID] = [:]
    private(set) var sorts: [String: TriggerOutline.Sort] = [:]
    /// Whom each of the catalog's resources names, in their order.
    let references: [[ReferenceUse]]
    private let usedElsewhere: Set<ResourceID>

    private static let piece = 256

    /// - Parameters:
    ///   - usedElsewhere: resources that are used by others than those of the catalog
    ///   - spread: how resources are looked at at the same time
    init(_ catalog: Catalog, usedElsewhere: Set<ResourceID> = [], spread: Spread = .here) {
        self.usedElsewhere = usedElsewhere
        references = spread.map(catalog.resources[...], by: Self.piece) { $0.map(\.references) }.flatMap(\.self)
        for (resource, references) in zip(catalog.resources, references) {
            let id = resource.id
            for use in references where use.isUse { users[use.target, default: []].append(id) }
            guard id.kind == .trigger else { continue }
            targets[id.name] = resource.target
            sorts[id.name] = resource.sort
        }
    }

    /// Agents that work with one of `edited`, themselves or through others, and triggers that come to those. Of what
    /// only carries results away, those whose results it carries.
    func users(of edited: some Sequence<ResourceID>) -> Users {
        var found = Users()
        var waiting = Array(edited)
        var seen = Set(waiting)
        while let id = waiting.popLast() {
            switch id.kind {
            case .trigger:
                found.triggers.insert(id.name)
                if let target = targets[id.name], target.kind == .agent {
                    found.agents.insert(target.name)
                }
                continue
            case .agent: found.agents.insert(id.name)
            default: break
            }
            for user in users[id] ?? [] where seen.insert(user).inserted { waiting.append(user) }
        }
        return found
    }

    /// Triggers that run one of `ids` themselves, in order of their names.
    func triggers(running ids: Set<ResourceID>) -> [String] {
        ids.isEmpty ? [] : targets.filter { ids.contains($0.value) }.map(\.key).sorted()
    }

    func isUsed(_ id: ResourceID) -> Bool { users[id] != nil || usedElsewhere.contains(id) }
}
