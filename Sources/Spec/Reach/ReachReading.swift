import Values

/// Finds what a resource comes to, whatever else there is. Read from the canonical manifest, which leaves defaults out: a
/// typed spec of each would cost more than the rest.
enum ReachReading {
    static func steps(_ spec: JSON, of kind: KindName) -> [ReachStep] {
        switch kind {
        case .trigger: trigger(spec)
        case .agent: agent(spec)
        case .tool: tool(spec) + secrets(spec, of: kind)
        case .channel: channel(spec) + secrets(spec, of: kind)
        case .provider: [host(of: spec["baseURL"])].compactMap(\.self) + secrets(spec, of: kind)
        case .repository: secrets(spec, of: kind)
        default: []
        }
    }

    private static func trigger(_ spec: JSON) -> [ReachStep] {
        let targets = [spec["agent"]?.string.map(Agent.id), spec["tool"]?.string.map(Tool.id)].compactMap(\.self)
        let channels = (spec["deliver"]?.array ?? []).compactMap { $0.string.map(Channel.id) }
        return (targets + channels).map { ReachStep(.resource($0)) }
    }

    private static func agent(_ spec: JSON) -> [ReachStep] {
        let tools = (spec["tools"]?.array ?? []).compactMap { use -> ReachStep? in
            guard let name = use.string ?? use["name"]?.string else { return nil }
            return ReachStep(.resource(Tool.id(name)), isGated: use["approval"].map { $0 == "required" })
        }
        let provider = spec["model"]?["provider"]?.string.map { ReachStep(.resource(Provider.id($0))) }
        return tools + [provider].compactMap(\.self)
    }

    private static func tool(_ spec: JSON) -> [ReachStep] {
        [
            spec["agent"]?.string.map { ReachStep(.resource(Agent.id($0))) },
            host(of: spec["http"]?["url"]), host(of: spec["mcp"]?["url"]),
            spec["mcp"]?["command"]?[0]?.string.map { ReachStep(.program($0)) },
            privateNetworks(spec["http"]),
        ].compactMap(\.self)
    }

    private static func channel(_ spec: JSON) -> [ReachStep] {
        [
            host(of: spec["webhook"]?["url"]), privateNetworks(spec["webhook"]),
            host(of: spec["slackResponse"].map { $0["origin"] ?? Channel.SlackResponse.standardOrigin.json }),
            privateNetworks(spec["slackResponse"]),
            spec["github"]?["repository"]?.string.map { ReachStep(.resource(Repository.id($0))) },
        ].compactMap(\.self)
    }

    private static func privateNetworks(_ spec: JSON?) -> ReachStep? {
        spec?["allowPrivateNetworks"] == true ? ReachStep(.privateNetworks) : nil
    }

    private static func host(of address: JSON?) -> ReachStep? {
        guard let url = address?.string else { return nil }
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return ReachStep(.host(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "{" }.lowercased()))
    }

    private static func secrets(_ spec: JSON, of kind: KindName) -> [ReachStep] {
        guard let shape = KindCatalog[kind]?.shape else { return [] }
        var found: Set<String> = []
        if kind == .repository, case .object(let object) = shape {
            // What a repository's own events are signed with is for coming in, not for going out.
            for field in object.fields where field.name != "webhook" {
                if let member = spec[field.name] { collect(member, field.shape, into: &found) }
            }
        } else {
            collect(spec, shape, into: &found)
        }
        return found.sorted().map { ReachStep(.secret($0)) }
    }

    private static func collect(_ value: JSON, _ shape: Shape, into found: inout Set<String>) {
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
