import Spec
import Values

/// The ways from triggers to agents, tools, secrets, hosts, repositories and channels that a change opens.
package struct ReachImpact: Sendable, Hashable {
    package struct Way: Sendable, Hashable {
        package let trigger: String
        /// Strangers can write what the trigger takes in: it is a webhook.
        package let isUntrusted: Bool
        /// From the trigger to the end of what is new.
        package let path: [ReachNode]
        /// Of the trigger.
        package let place: Place

        var text: String { path.map(\.text).joined(separator: " -> ") }
    }

    private static let limit = 500
    private static let shown = 20

    /// The first, those from untrusted input before the others.
    package let ways: [Way]
    package let count: Int

    package var isEmpty: Bool { count == 0 }

    init(of changes: [PlannedChange], declared: Catalog, applied: Catalog, _ graph: UseGraph) {
        let names = Renames(changes)
        var old = ReachSteps(applied)
        var new = ReachSteps(declared)
        var ways: [Way] = []
        var count = 0
        func isWebhook(_ resource: Resource) -> Bool { resource.manifest["spec"]?["webhook"] != nil }
        let touched = graph.users(of: changes.compactMap { $0.after?.id }).triggers.compactMap {
            declared[Trigger.id($0)]
        }
        // What strangers can write to comes first.
        let triggers =
            touched.filter(isWebhook).sorted { $0.id < $1.id }
            + touched.filter { !isWebhook($0) }.sorted { $0.id < $1.id }
        for trigger in triggers {
            let id = trigger.id
            let isUntrusted = isWebhook(trigger)
            let formerID = names.former[id] ?? id
            // Once strangers can write to it, everything that it comes to is newly open to them.
            let isComparable = applied[formerID].map { isWebhook($0) || !isUntrusted } ?? false
            let known = isComparable ? Walk(from: formerID, &old).steps(renamed: names.latter) : []
            let opened = Walk(from: id, &new).ways(beyond: known)
            count += opened.count
            ways += opened.prefix(max(0, Self.limit - ways.count)).map {
                Way(trigger: id.name, isUntrusted: isUntrusted, path: $0, place: trigger.place)
            }
        }
        self.ways = ways
        self.count = count
    }

    var json: JSON {
        [
            "count": .number(JSONNumber(count)),
            "ways": .array(
                ways.map { way in
                    [
                        "trigger": .string(way.trigger), "untrusted": .bool(way.isUntrusted),
                        "path": .array(way.path.map(\.json)),
                    ]
                }),
        ]
    }

    package var lines: [String] {
        var lines = ways.prefix(Self.shown).map { way in
            way.text + (way.isUntrusted ? "  (takes untrusted input)" : "")
        }
        if count > lines.count { lines.append("and \(count - lines.count) more") }
        return lines
    }
}

extension ReachImpact {
    /// For those who show problems at their lines: what opens to untrusted input.
    ///
    /// - Parameter isRefused: whether any way that opens is an error
    package func diagnostics(isRefused: Bool) -> [Diagnostic] {
        ways.filter { isRefused || $0.isUntrusted }.prefix(Self.shown).map { way in
            Diagnostic(
                isRefused ? .error : .warning, .newReach,
                "this change opens \(way.text)\(way.isUntrusted ? " to untrusted input" : "")", at: way.place,
                fix: "look at who can set the trigger off, and whether all that it comes to is meant for them")
        }
    }
}

/// Resources that keep their identity under another name.
struct Renames {
    /// By the declared identity.
    private(set) var former: [ResourceID: ResourceID] = [:]
    /// By the recorded identity.
    private(set) var latter: [ResourceID: ResourceID] = [:]

    init(_ changes: [PlannedChange]) {
        for change in changes {
            guard let before = change.before?.id, let after = change.after?.id, before != after else { continue }
            former[after] = before
            latter[before] = after
        }
    }
}

/// Everything that one trigger comes to, nearest first.
private struct Walk {
    struct Edge: Hashable {
        let from: ReachNode
        let step: ReachStep
    }

    private var edges: [Edge] = []
    private var parents: [ReachNode: ReachNode] = [:]

    init(from start: ResourceID, _ catalog: inout ReachSteps) {
        var waiting = [start]
        var seen: Set<ReachNode> = [.resource(start)]
        var next = 0
        while next < waiting.count {
            let from = ReachNode.resource(waiting[next])
            for step in catalog.steps(from: waiting[next]) {
                edges.append(Edge(from: from, step: step))
                guard seen.insert(step.target).inserted else { continue }
                parents[step.target] = from
                if case .resource(let id) = step.target { waiting.append(id) }
            }
            next += 1
        }
    }

    /// The steps under the names that they have now.
    func steps(renamed names: [ResourceID: ResourceID]) -> Set<Edge> {
        func renamed(_ node: ReachNode) -> ReachNode {
            guard case .resource(let id) = node, let name = names[id] else { return node }
            return .resource(name)
        }
        return Set(
            edges.map {
                Edge(from: renamed($0.from), step: ReachStep(renamed($0.step.target), isGated: $0.step.isGated))
            })
    }

    /// The paths of steps that are not known, without those that only begin a longer one. Where a person had to agree
    /// and has not any more, the step is new.
    func ways(beyond known: Set<Edge>) -> [[ReachNode]] {
        let opened = edges.filter { edge in
            let free = Edge(from: edge.from, step: ReachStep(edge.step.target))
            return !known.contains(free) && !known.contains(edge)
        }
        let begun = Set(opened.map(\.from))
        return opened.filter { edge in
            !(begun.contains(edge.step.target) && parents[edge.step.target] == edge.from)
        }
        .map { path(to: $0.from) + [$0.step.target] }
    }

    private func path(to node: ReachNode) -> [ReachNode] {
        var path = [node]
        var current = node
        while let parent = parents[current] {
            path.append(parent)
            current = parent
        }
        return path.reversed()
    }
}
