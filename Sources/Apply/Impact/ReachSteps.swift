import Spec
import Values

/// What each resource of a catalog comes to at once, worked out when first asked for.
struct ReachSteps {
    let catalog: Catalog
    private var known: [ResourceID: [ReachStep]] = [:]

    init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    mutating func steps(from id: ResourceID) -> [ReachStep] {
        if let steps = known[id] { return steps }
        let steps = catalog[id].map(steps(of:)) ?? []
        known[id] = steps
        return steps
    }

    private func steps(of resource: Resource) -> [ReachStep] {
        switch resource.id.kind {
        case .trigger: resource.spec(as: Trigger.self).map(steps) ?? []
        case .agent: resource.spec(as: Agent.self).map(steps) ?? []
        case .tool: (resource.spec(as: Tool.self).map(steps) ?? []) + secrets(of: resource)
        case .channel: (resource.spec(as: Channel.self).map(steps) ?? []) + secrets(of: resource)
        case .provider: (resource.spec(as: Provider.self).map(steps) ?? []) + secrets(of: resource)
        case .repository: secrets(of: resource)
        default: []
        }
    }

    private func steps(_ trigger: Trigger) -> [ReachStep] {
        if trigger.suspend { return [] }
        let target = trigger.agent?.id ?? trigger.tool?.id
        return ([target].compactMap(\.self) + trigger.deliver.map(\.id)).map { ReachStep(.resource($0)) }
    }

    private func steps(_ agent: Agent) -> [ReachStep] {
        if agent.suspend { return [] }
        let tools = agent.tools.map { use in
            let approval = use.approval ?? catalog[use.tool]?.approval
            return ReachStep(.resource(use.tool.id), isGated: approval == .required)
        }
        return tools + [ReachStep(.resource(agent.model.provider.id))]
    }

    private func steps(_ tool: Tool) -> [ReachStep] {
        if tool.suspend { return [] }
        var nodes: [ReachNode] = []
        if let agent = tool.agent { nodes.append(.resource(agent.id)) }
        if let url = tool.http?.url.manifestText ?? tool.mcp?.url?.manifestText { nodes.append(host(of: url)) }
        if let program = tool.mcp?.command?.first { nodes.append(.program(program)) }
        if tool.http?.allowPrivateNetworks == true { nodes.append(.privateNetworks) }
        return nodes.map { ReachStep($0) }
    }

    private func steps(_ channel: Channel) -> [ReachStep] {
        var nodes: [ReachNode] = []
        if let webhook = channel.webhook {
            nodes.append(host(of: webhook.url.manifestText))
            if webhook.allowPrivateNetworks { nodes.append(.privateNetworks) }
        }
        if let repository = channel.github?.repository { nodes.append(.resource(repository.id)) }
        return nodes.map { ReachStep($0) }
    }

    private func steps(_ provider: Provider) -> [ReachStep] {
        provider.baseURL.map { [ReachStep(host(of: $0.manifestText))] } ?? []
    }

    private func host(of url: String) -> ReachNode {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return .host(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "{" }.lowercased())
    }

    /// Of suspended tools none. What a repository's own events are signed with is for coming in, not for going out.
    private func secrets(of resource: Resource) -> [ReachStep] {
        guard var spec = resource.manifest["spec"]?.object, spec["suspend"] != true else { return [] }
        if resource.id.kind == .repository { spec["webhook"] = nil }
        guard let shape = KindCatalog[resource.id.kind]?.shape else { return [] }
        var found: Set<String> = []
        collect(.object(spec), shape, into: &found)
        return found.sorted().map { ReachStep(.secret($0)) }
    }

    private func collect(_ value: JSON, _ shape: Shape, into found: inout Set<String>) {
        switch shape {
        case .object(let object) where object.name == SecretReference.shape.objectName:
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

extension Shape {
    fileprivate var objectName: String? {
        if case .object(let object) = self { object.name } else { nil }
    }
}
