import Spec
import Values

/// Something that a trigger can come to.
package enum ReachNode: Sendable, Hashable {
    case resource(ResourceID)
    /// `environment variable NAME`, `secret file NAME`
    case secret(String)
    /// With its port where one is written.
    case host(String)
    /// A program that is started.
    case program(String)
    /// Addresses that are closed otherwise (DESIGN.md rule 13).
    case privateNetworks

    package var text: String {
        switch self {
        case .resource(let id): id.description
        case .secret(let name): name
        case .host(let name): "host \(name)"
        case .program(let name): "program \(name)"
        case .privateNetworks: "private networks"
        }
    }

    var json: JSON {
        switch self {
        case .resource(let id): ["kind": .string(id.kind.rawValue), "name": .string(id.name)]
        case .secret(let name): ["secret": .string(name)]
        case .host(let name): ["host": .string(name)]
        case .program(let name): ["program": .string(name)]
        case .privateNetworks: ["privateNetworks": true]
        }
    }
}

/// Gives each node a number: comparing names takes longer than following them.
struct ReachNodes: Sendable {
    private(set) var nodes: [ReachNode] = []
    private var numbers: [ReachNode: Int] = [:]

    var count: Int { nodes.count }

    subscript(node: ReachNode) -> Int? { numbers[node] }

    mutating func number(of node: ReachNode) -> Int {
        if let number = numbers[node] { return number }
        nodes.append(node)
        numbers[node] = nodes.count - 1
        return nodes.count - 1
    }
}

/// One step of a way.
struct ReachStep: Sendable, Hashable {
    let target: ReachNode
    /// A person must agree to each use.
    let isGated: Bool

    init(_ target: ReachNode, isGated: Bool = false) {
        self.target = target
        self.isGated = isGated
    }
}
