/// Follows what one trigger after the other comes to, nearest first. Nodes are told by their numbers.
struct ReachWalk {
    struct Edge: Hashable {
        let from: Int
        let target: Int
        let isGated: Bool
    }

    private var edges: [Edge] = []
    /// Of each node, from where it was come to, and in which walk: what earlier ones noted is not cleared.
    private var parents: [Int]
    private var seen: [Int]
    private var number = 0

    /// - Parameter count: of nodes
    init(_ count: Int) {
        parents = Array(repeating: -1, count: count)
        seen = Array(repeating: 0, count: count)
    }

    /// All steps from a node on, under the names that their ends have now.
    mutating func edges(from start: Int?, _ steps: ReachSteps, renamed names: [Int: Int]) -> Set<Edge> {
        guard let start else { return [] }
        walk(from: start, steps)
        return Set(
            edges.map {
                Edge(
                    from: names[$0.from] ?? $0.from, target: names[$0.target] ?? $0.target, isGated: $0.isGated)
            })
    }

    /// The paths of steps that are not known, without those that only begin a longer one. Where a person had to agree
    /// and has not any more, the step is new.
    mutating func ways(from start: Int?, _ steps: ReachSteps, beyond known: Set<Edge>) -> [[Int]] {
        guard let start else { return [] }
        walk(from: start, steps)
        let opened =
            known.isEmpty
            ? edges
            : edges.filter { edge in
                !known.contains(edge)
                    && !known.contains(Edge(from: edge.from, target: edge.target, isGated: false))
            }
        let begun = Set(opened.map(\.from))
        return opened.filter { edge in
            let isFirst = parents[edge.target] == edge.from
            // What another run sets off already opens nothing.
            return isFirst ? !begun.contains(edge.target) : !steps.isListener(edge.target)
        }
        .map { path(to: $0.from) + [$0.target] }
    }

    private mutating func walk(from start: Int, _ steps: ReachSteps) {
        number += 1
        edges.removeAll(keepingCapacity: true)
        seen[start] = number
        parents[start] = -1
        var waiting = [start]
        var next = 0
        while next < waiting.count {
            let from = waiting[next]
            next += 1
            for step in steps[from] {
                edges.append(Edge(from: from, target: step.target, isGated: step.isGated))
                guard seen[step.target] != number else { continue }
                seen[step.target] = number
                parents[step.target] = from
                waiting.append(step.target)
            }
        }
    }

    private func path(to node: Int) -> [Int] {
        var path = [node]
        var current = node
        while parents[current] >= 0 {
            current = parents[current]
            path.append(current)
        }
        return path.reversed()
    }
}
