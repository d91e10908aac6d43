import Spec
import Values

/// The ways from triggers to agents, tools, secrets, hosts, repositories and channels that a change opens.
package struct ReachImpact: Sendable, Hashable {
    package struct Way: Sendable, Hashable {
        package let trigger: String
        /// Strangers can write what the trigger takes in: it is a webhook, or listens to runs that one may have led to.
        package let isUntrusted: Bool
        /// From the trigger to the end of what is new.
        package let path: [ReachNode]
        /// Of the trigger; where no file of the commit has it any more, of the first on the way that changes.
        package let place: Place
        /// Where the trigger stood, if it is kept though it is no longer declared.
        package let formerPlace: Place?

        var text: String { path.map(\.text).joined(separator: " -> ") }
    }

    private static let limit = 500
    private static let shown = 20

    /// The first, those from untrusted input before the others.
    package let ways: [Way]
    package let count: Int

    package var isEmpty: Bool { count == 0 }

    /// Triggers that are followed in one go.
    private static let piece = 256

    /// - Parameters:
    ///   - kept: what of `declared` no file of the commit has
    ///   - spread: how triggers are followed at the same time
    init(
        of changes: [PlannedChange], declared: Catalog, applied: Catalog, kept: Set<ResourceID>, _ graph: UseGraph,
        spread: Spread = .here
    ) {
        let names = Renames(changes)
        @Sendable func isWebhook(_ resource: Resource) -> Bool { resource.sort == .webhook }
        let changed = Self.starts(of: changes, graph, declared)
        guard !changed.isEmpty else {
            ways = []
            count = 0
            return
        }
        var nodes = ReachNodes(declared)
        let new = ReachSteps(declared, &nodes)
        let old = applied.resources.isEmpty ? nil : ReachSteps(applied, &nodes)
        let hears = changed.contains { RunListener($0) != nil }
        func led(_ catalog: Catalog, _ steps: ReachSteps?) -> Set<Int> {
            guard hears, let steps else { return [] }
            let webhooks = catalog.resources(of: .trigger).filter(isWebhook)
            return steps.reached(from: webhooks.compactMap { nodes[$0.id] })
        }
        let (led, wasLed) = (led(declared, new), led(applied, old))
        let starts = changed.map { trigger in
            let isLed = nodes[trigger.id].map(led.contains) ?? false
            return Start(trigger: trigger, isUntrusted: isWebhook(trigger) || isLed)
        }
        // What strangers can write to comes first.
        let triggers = starts.filter(\.isUntrusted) + starts.filter { !$0.isUntrusted }
        let latter = Dictionary(
            names.latter.map { (nodes.number(of: .resource($0)), nodes.number(of: .resource($1))) },
            uniquingKeysWith: { first, _ in first })
        let known = nodes
        let found = spread.map(triggers[...], by: Self.piece) { starts in
            var walk = ReachWalk(known.count)
            return starts.map { start -> (count: Int, paths: [[ReachNode]]) in
                let id = start.trigger.id
                let formerID = names.former[id] ?? id
                var steps: Set<ReachWalk.Edge> = []
                // Once strangers can write to it, everything that it comes to is newly open to them.
                let wasUntrusted = known[formerID].map(wasLed.contains) ?? false
                if let old, let former = applied[formerID],
                    isWebhook(former) || wasUntrusted || !start.isUntrusted
                {
                    steps = walk.edges(from: known[formerID], old, renamed: latter)
                }
                let opened = walk.ways(from: known[id], new, beyond: steps)
                return (opened.count, opened.prefix(Self.limit).map { $0.map { known[$0] } })
            }
        }
        let places = kept.isEmpty ? [:] : Self.places(of: changes)
        var ways: [Way] = []
        var count = 0
        for (start, opened) in zip(triggers, found.joined()) {
            count += opened.count
            let trigger = start.trigger
            let isKept = kept.contains(trigger.id)
            ways += opened.paths.prefix(max(0, Self.limit - ways.count)).map { path in
                let changed = isKept ? path.lazy.compactMap { $0.resource.flatMap { places[$0] } }.first : nil
                return Way(
                    trigger: trigger.id.name, isUntrusted: start.isUntrusted, path: path,
                    place: changed ?? trigger.place, formerPlace: isKept ? trigger.place : nil)
            }
        }
        self.ways = ways
        self.count = count
    }

    /// Triggers that come to what changes, themselves or by the runs that they lead to; in order of their names.
    private static func starts(of changes: [PlannedChange], _ graph: UseGraph, _ declared: Catalog) -> [Resource] {
        let changed = changes.compactMap { $0.after?.id }
        // Where everything is new, nothing has to be followed to come to every trigger.
        guard changed.count < declared.resources.count else {
            return Array(declared.resources(of: .trigger))
        }
        var found = graph.users(of: changed).triggers
        var waiting = Array(found)
        while let name = waiting.popLast() {
            guard let trigger = declared[Trigger.id(name)], !trigger.isSuspended, let listener = RunListener(trigger)
            else { continue }
            let feeding =
                listener.agent.map { graph.users(of: [Agent.id($0)]).triggers } ?? Set(declared.names(of: .trigger))
            waiting += feeding.subtracting(found)
            found.formUnion(feeding)
        }
        return found.sorted().compactMap { declared[Trigger.id($0)] }
    }

    private static func places(of changes: [PlannedChange]) -> [ResourceID: Place] {
        Dictionary(changes.compactMap { $0.after.map { ($0.id, $0.place) } }) { first, _ in first }
    }

    private struct Start {
        let trigger: Resource
        let isUntrusted: Bool
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
    /// For those who show problems at their lines: what opens to untrusted input. Of more than are listed the last says
    /// how many there are.
    ///
    /// - Parameter isRefused: whether any way that opens is an error
    package func diagnostics(isRefused: Bool) -> [Diagnostic] {
        let severity: Diagnostic.Severity = isRefused ? .error : .warning
        let fix = "look at who can set the trigger off, and whether all that it comes to is meant for them"
        let shown = ways.filter { isRefused || $0.isUntrusted }
        var diagnostics = shown.map { way in
            let kept =
                way.formerPlace.map { "; Trigger/\(way.trigger), which stood at \($0), is kept (prune is off)" } ?? ""
            return Diagnostic(
                severity, .newReach,
                "this change opens \(way.text)\(way.isUntrusted ? " to untrusted input" : "")\(kept)", at: way.place,
                fix: fix)
        }
        // Untrusted ones come first: after another one there are no more of them.
        if count > ways.count, shown.count == ways.count, let last = shown.last {
            diagnostics.append(
                Diagnostic(
                    severity, .newReach, "this change opens \(count - ways.count) more ways, which are not listed",
                    at: last.place, fix: fix))
        }
        return diagnostics
    }
}

extension ReachNode {
    fileprivate var resource: ResourceID? {
        guard case .resource(let id) = self else { return nil }
        return id
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
