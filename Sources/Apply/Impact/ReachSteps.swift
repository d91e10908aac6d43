import Spec
import Values

/// What each resource of a catalog comes to at once, by the numbers of the nodes.
struct ReachSteps: Sendable {
    struct Step: Sendable {
        let target: Int
        /// A person must agree to each use.
        let isGated: Bool
    }

    private var steps: [[Step]] = []
    /// Triggers that runs set off.
    private var listeners: Set<Int> = []

    private static let piece = 256

    /// - Parameters:
    ///   - nodes: gives numbers to all that is come to
    ///   - spread: how resources are looked at at the same time
    init(_ catalog: Catalog, _ nodes: inout ReachNodes, _ spread: Spread) {
        let reader = ReachStepReader(catalog: catalog)
        let found = spread.map(catalog.resources[...], by: Self.piece) { $0.map(reader.steps(of:)) }
        for (resource, next) in zip(catalog.resources, found.joined()) where !next.isEmpty {
            let place = nodes.number(of: .resource(resource.id))
            while steps.count <= place { steps.append([]) }
            steps[place] = next.map { Step(target: nodes.number(of: $0.target), isGated: $0.isGated) }
        }
        listeners = Set(reader.listeners.map { nodes.number(of: .resource($0)) })
    }

    subscript(node: Int) -> [Step] { node < steps.count ? steps[node] : [] }

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
private struct ReachStepReader: Sendable {
    let catalog: Catalog
    /// Triggers that runs set off, in order of their names.
    let listeners: [ResourceID]
    /// Of those, the ones that listen to the runs of one agent, by its name; the others listen to all.
    private let ofAgent: [String: [ReachStep]]
    private let ofAll: [ReachStep]

    init(catalog: Catalog) {
        self.catalog = catalog
        var (listeners, ofAll): ([ResourceID], [ReachStep]) = ([], [])
        var ofAgent: [String: [ReachStep]] = [:]
        for resource in catalog.resources where resource.id.kind == .trigger && !resource.isSuspended {
            guard let listener = RunListener(resource) else { continue }
            listeners.append(resource.id)
            let step = ReachStep(.resource(resource.id))
            if let agent = listener.agent { ofAgent[agent, default: []].append(step) } else { ofAll.append(step) }
        }
        (self.listeners, self.ofAgent, self.ofAll) = (listeners, ofAgent, ofAll)
    }

    /// Read from the canonical manifest, which leaves defaults out: a typed spec of each would cost more than the rest.
    func steps(of resource: Resource) -> [ReachStep] {
        guard let spec = resource.manifest["spec"], spec["suspend"] != true else { return [] }
        switch resource.id.kind {
        case .trigger: return trigger(spec)
        case .agent: return agent(spec) + (ofAgent[resource.id.name] ?? []) + ofAll
        case .tool: return tool(spec) + secrets(of: resource)
        case .channel: return channel(spec) + secrets(of: resource)
        case .provider: return [host(of: spec["baseURL"])].compactMap(\.self) + secrets(of: resource)
        case .repository: return secrets(of: resource)
        default: return []
        }
    }

    private func trigger(_ spec: JSON) -> [ReachStep] {
        let targets = [spec["agent"]?.string.map(Agent.id), spec["tool"]?.string.map(Tool.id)].compactMap(\.self)
        let channels = (spec["deliver"]?.array ?? []).compactMap { $0.string.map(Channel.id) }
        // What an agent's runs set off stands with the agent.
        return (targets + channels).map { ReachStep(.resource($0)) } + (spec["tool"] == nil ? [] : ofAll)
    }

    private func agent(_ spec: JSON) -> [ReachStep] {
        let tools = (spec["tools"]?.array ?? []).compactMap { use -> ReachStep? in
            guard let name = use.string ?? use["name"]?.string else { return nil }
            let approval = use["approval"] ?? catalog[Tool.id(name)]?.manifest["spec"]?["approval"]
            return ReachStep(.resource(Tool.id(name)), isGated: approval == "required")
        }
        let provider = spec["model"]?["provider"]?.string.map { ReachStep(.resource(Provider.id($0))) }
        return tools + [provider].compactMap(\.self)
    }

    private func tool(_ spec: JSON) -> [ReachStep] {
        [
            spec["agent"]?.string.map { ReachStep(.resource(Agent.id($0))) },
            host(of: spec["http"]?["url"]), host(of: spec["mcp"]?["url"]),
            spec["mcp"]?["command"]?[0]?.string.map { ReachStep(.program($0)) },
            privateNetworks(spec["http"]),
        ].compactMap(\.self)
    }

    private func channel(_ spec: JSON) -> [ReachStep] {
        [
            host(of: spec["webhook"]?["url"]), privateNetworks(spec["webhook"]),
            host(of: spec["slackResponse"].map { $0["origin"] ?? Channel.SlackResponse.standardOrigin.json }),
            privateNetworks(spec["slackResponse"]),
            spec["github"]?["repository"]?.string.map { ReachStep(.resource(Repository.id($0))) },
        ].compactMap(\.self)
    }

    private func privateNetworks(_ spec: JSON?) -> ReachStep? {
        spec?["allowPrivateNetworks"] == true ? ReachStep(.privateNetworks) : nil
    }

    private func host(of address: JSON?) -> ReachStep? {
        guard let url = address?.string else { return nil }
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return ReachStep(.host(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "{" }.lowercased()))
    }

    /// What a repository's own events are signed with is for coming in, not for going out.
    private func secrets(of resource: Resource) -> [ReachStep] {
        guard var spec = resource.manifest["spec"]?.object else { return [] }
        if resource.id.kind == .repository { spec["webhook"] = nil }
        guard let shape = KindCatalog[resource.id.kind]?.shape else { return [] }
        var found: Set<String> = []
        collect(.object(spec), shape, into: &found)
        return found.sorted().map { ReachStep(.secret($0)) }
    }

    private func collect(_ value: JSON, _ shape: Shape, into found: inout Set<String>) {
        switch shape {
        case .object(let object) where object.name == SecretReference.shapeName:
            if let name = value["env"]?.string { found.insert("environment variable \(name)") }
            if let name = value["file"]?.string { found.insert("secret file \(name)") }
        case .object(let object):
            for field in object.fields {
                if let member = value[field.name] { collect(member, field.shape, into: &found) }
            }
        case .list(let item, _):
            for element in value.array ?? [] { collect(element, item, into: &found) }
        case .map(let item):
            for element in (value.object ?? [:]).values { collect(element, item, into: &found) }
        case .anyOf(let alternatives):
            if let taken = alternatives.first(where: { $0.takes(value) }) { collect(value, taken, into: &found) }
        case .text, .integer, .number, .boolean, .choice, .reference, .jsonSchema, .any: return
        }
    }
}
