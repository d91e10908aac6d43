import Values

/// Finds agents that would call themselves: agent → tool → agent … (fault A30).
package enum ReferenceCycles {
    package static func diagnostics(of catalog: Catalog) -> [Diagnostic] {
        var edges: [ResourceID: [ReferenceUse]] = [:]
        for resource in catalog.resources where resource.id.kind == .agent || resource.id.kind == .tool {
            let next: KindName = resource.id.kind == .agent ? .tool : .agent
            edges[resource.id] = resource.references.filter { $0.target.kind == next }
        }
        var done: Set<ResourceID> = []
        var found: [Diagnostic] = []
        for start in edges.keys.sorted() where !done.contains(start) {
            search(from: start, edges, &done) { path, use in
                guard let last = path.last, let resource = catalog[last] else { return }
                let names = (path + [use.target]).map(\.description).joined(separator: " → ")
                found.append(
                    Diagnostic(
                        .error, .referenceCycle, "these call each other in a circle: \(names)",
                        at: resource.place(of: use.pointer), fix: "take one of them out of the circle"))
            }
        }
        return found
    }

    /// Depth first without recursion; tells each edge that leads back into the path, with the path from its target.
    private static func search(
        from start: ResourceID, _ edges: [ResourceID: [ReferenceUse]], _ done: inout Set<ResourceID>,
        _ tell: ([ResourceID], ReferenceUse) -> Void
    ) {
        var path = [start]
        var rest = [edges[start, default: []][...]]
        while let top = rest.popLast() {
            guard let use = top.first else {
                if let left = path.popLast() { done.insert(left) }
                continue
            }
            rest.append(top.dropFirst())
            if let index = path.firstIndex(of: use.target) {
                tell(Array(path[index...]), use)
            } else if !done.contains(use.target) {
                path.append(use.target)
                rest.append(edges[use.target, default: []][...])
            }
        }
    }
}
