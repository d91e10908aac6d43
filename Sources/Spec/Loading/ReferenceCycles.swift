import Values

/// Finds agents that would call themselves: agent → tool → agent … (fault A30).
package enum ReferenceCycles {
    package static func diagnostics(of catalog: Catalog) -> [Diagnostic] {
        var edges: [ResourceID: [ResourceID]] = [:]
        for resource in catalog.resources {
            guard let next = next(after: resource.id.kind) else { continue }
            edges[resource.id] = resource.references.map(\.target).filter { $0.kind == next }
        }
        return diagnostics(of: edges) { id, target in
            guard let resource = catalog[id], let use = resource.references.first(where: { $0.target == target })
            else { return nil }
            return resource.place(of: use.pointer)
        }
    }

    /// The kind that a circle goes on with; nil where it cannot.
    static func next(after kind: KindName) -> KindName? {
        switch kind {
        case .agent: .tool
        case .tool: .agent
        default: nil
        }
    }

    /// - Parameter place: where the one names the other
    static func diagnostics(
        of edges: [ResourceID: [ResourceID]], place: (ResourceID, ResourceID) -> Place?
    ) -> [Diagnostic] {
        // Without a tool that is an agent there is no circle.
        guard edges.contains(where: { $0.key.kind == .tool && !$0.value.isEmpty }) else { return [] }
        var done: Set<ResourceID> = []
        var found: [Diagnostic] = []
        for start in edges.keys.sorted() where !done.contains(start) {
            search(from: start, edges, &done) { path, target in
                guard let last = path.last, let place = place(last, target) else { return }
                let names = (path + [target]).map(\.description).joined(separator: " → ")
                found.append(
                    Diagnostic(
                        .error, .referenceCycle, "these call each other in a circle: \(names)",
                        at: place, fix: "take one of them out of the circle"))
            }
        }
        return found
    }

    /// Depth first without recursion; tells each edge that leads back into the path, with the path from its target.
    private static func search(
        from start: ResourceID, _ edges: [ResourceID: [ResourceID]], _ done: inout Set<ResourceID>,
        _ tell: ([ResourceID], ResourceID) -> Void
    ) {
        var path = [start]
        var rest = [edges[start, default: []][...]]
        while let top = rest.popLast() {
            guard let target = top.first else {
                if let left = path.popLast() { done.insert(left) }
                continue
            }
            rest.append(top.dropFirst())
            if let index = path.firstIndex(of: target) {
                tell(Array(path[index...]), target)
            } else if !done.contains(target) {
                path.append(target)
                rest.append(edges[target, default: []][...])
            }
        }
    }
}
