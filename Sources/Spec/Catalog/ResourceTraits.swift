import Values

/// What is asked of a resource again and again, read from its manifest once: whoever looks at thousands of them then needs
/// none of their manifests as a tree.
final class ResourceTraits: Sendable {
    let isSuspended: Bool
    let isProtected: Bool
    let references: [ReferenceUse]
    let reach: [ReachStep]
    let trigger: TriggerOutline?
    /// Of a tool: whether a person must agree to each use that says nothing else.
    let needsApproval: Bool
    /// Of a repository: the events that GitHub is kept to send, where they are named.
    let sentEvents: [String]?

    init(_ kind: KindName, _ manifest: JSON) {
        let spec = manifest["spec"]
        isSuspended = Self.isSuspended(spec)
        isProtected = Self.isProtected(manifest)
        references = Self.references(kind, spec)
        reach = Self.reach(kind, spec)
        trigger = TriggerOutline(kind, spec)
        needsApproval = Self.needsApproval(kind, spec)
        sentEvents = Self.sentEvents(kind, spec)
    }

    static func isSuspended(_ spec: JSON?) -> Bool { spec?["suspend"] == true }

    static func isProtected(_ manifest: JSON) -> Bool { manifest["metadata"]?["protect"]?.bool == true }

    static func needsApproval(_ kind: KindName, _ spec: JSON?) -> Bool {
        kind == .tool && spec?["approval"] == "required"
    }

    static func references(_ kind: KindName, _ spec: JSON?) -> [ReferenceUse] {
        guard let spec, let shape = KindCatalog[kind]?.shape else { return [] }
        var found: [ReferenceUse] = []
        var tokens = ["spec"]
        shape.collectReferences(in: spec, at: &tokens, into: &found)
        return found
    }

    static func reach(_ kind: KindName, _ spec: JSON?) -> [ReachStep] {
        spec.map { ReachReading.steps($0, of: kind) } ?? []
    }

    static func sentEvents(_ kind: KindName, _ spec: JSON?) -> [String]? {
        guard kind == .repository, let webhook = spec?["webhook"], webhook["manage"]?.bool == true else { return nil }
        return webhook["events"]?.array?.map { $0.string ?? "" }
    }
}

/// Of a trigger, what sets it off and what it runs.
package struct TriggerOutline: Sendable {
    package enum Sort: Sendable {
        case schedule, webhook, reaction
    }

    /// The agent or tool that it runs.
    package let target: ResourceID?
    package let sort: Sort
    package let schedule: Trigger.Schedule?
    /// Whose events it hears.
    package let repository: String?
    package let listener: RunListener?

    /// Nil for other kinds.
    init?(_ kind: KindName, _ spec: JSON?) {
        guard kind == .trigger, let spec else { return nil }
        target = Self.target(spec)
        sort = Self.sort(spec)
        schedule = Self.schedule(spec)
        repository = spec["webhook"]?["repository"]?.string
        listener = RunListener(on: spec["on"])
    }

    static func target(_ spec: JSON) -> ResourceID? {
        spec["tool"]?.string.map(Tool.id) ?? spec["agent"]?.string.map(Agent.id)
    }

    static func sort(_ spec: JSON) -> Sort {
        spec["schedule"] != nil ? .schedule : spec["webhook"] != nil ? .webhook : .reaction
    }

    static func schedule(_ spec: JSON) -> Trigger.Schedule? {
        spec["schedule"].flatMap { Trigger.Schedule.read(Node(json: $0), ManifestReading(path: "", source: .recorded)) }
    }
}
