import Spec

/// What each resource of a catalog comes to at once, by the numbers of the nodes.
struct ReachSteps: Sendable {
    struct Step: Sendable {
        let target: Int
        /// A person must agree to each use.
        let isGated: Bool
    }

    /// Of all nodes, one after the other.
    private var steps: [Step] = []
    /// Where those of each node stand.
    private var ranges: [Range<Int>] = []
    /// Triggers that runs set off.
    private var listeners: Set<Int> = []

    /// - Parameter nodes: gives numbers to all that is come to
    init(_ catalog: Catalog, _ nodes: inout ReachNodes) {
        let reader = ReachStepReader(catalog: catalog)
        for resource in catalog.resources {
            let start = steps.count
            reader.forEachStep(of: resource) { target, isGated in
                steps.append(Step(target: nodes.number(of: target), isGated: isGated))
            }
            guard steps.count > start else { continue }
            let place = nodes.number(of: .resource(resource.id))
            while ranges.count <= place { ranges.append(0..<0) }
            ranges[place] = start..<steps.count
        }
        listeners = Set(reader.listeners.map { nodes.number(of: .resource($0)) })
    }

    subscript(node: Int) -> ArraySlice<Step> { node < ranges.count ? steps[ranges[node]] : [] }

    func isListener(_ node: Int) -> Bool { listeners.contains(node) }

    /// All that some nodes come to.
    func reached(from starts: some Sequence<Int>) -> Set<Int> {
        var waiting = Array(starts)
        var seen: Set<Int> = []
        while let node = waiting.popLast() {
            for step in self[node] where seen.insert(step.target).inserted { waiting.append(step.target) }
        }
        return seen
    }
}

/// Finds what one resource comes to.
private struct ReachStepReader {
    let catalog: Catalog
    /// Triggers that runs set off, in order of their names.
    let listeners: [ResourceID]
    /// Of those, the ones that listen to the runs of one agent, by its name; the others listen to all.
    private let ofAgent: [String: [ReachNode]]
    private let ofAll: [ReachNode]

    init(catalog: Catalog) {
        self.catalog = catalog
        var (listeners, ofAll): ([ResourceID], [ReachNode]) = ([], [])
        var ofAgent: [String: [ReachNode]] = [:]
        for resource in catalog.resources(of: .trigger) where !resource.isSuspended {
            guard let listener = RunListener(resource) else { continue }
            listeners.append(resource.id)
            let node = ReachNode.resource(resource.id)
            if let agent = listener.agent { ofAgent[agent, default: []].append(node) } else { ofAll.append(node) }
        }
        (self.listeners, self.ofAgent, self.ofAll) = (listeners, ofAgent, ofAll)
    }

    /// With what is known of the others of the catalog.
    func forEachStep(of resource: Resource, _ body: (_ target: ReachNode, _ isGated: Bool) -> Void) {
        guard !resource.isSuspended else { return }
        for step in resource.reach { body(step.target, step.isGated ?? isGated(step.target)) }
        // What an agent's runs set off stands with the agent, and not with the trigger that starts them.
        switch resource.id.kind {
        case .trigger: if resource.target?.kind == .tool { for node in ofAll { body(node, false) } }
        case .agent: for node in (ofAgent[resource.id.name] ?? []) + ofAll { body(node, false) }
        default: break
        }
    }

    private func isGated(_ node: ReachNode) -> Bool {
        guard case .resource(let id) = node else { return false }
        return catalog[id]?.needsApproval == true
    }
}
