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

    package var json: JSON {
        switch self {
        case .resource(let id): ["kind": .string(id.kind.rawValue), "name": .string(id.name)]
        case .secret(let name): ["secret": .string(name)]
        case .host(let name): ["host": .string(name)]
        case .program(let name): ["program": .string(name)]
        case .privateNetworks: ["privateNetworks": true]
        }
    }
}

/// One step of a way, as a manifest says it.
package struct ReachStep: Sendable, Hashable {
    package let target: ReachNode
    /// Whether a person must agree to each use; nil where that is as the tool itself says.
    package let isGated: Bool?

    package init(_ target: ReachNode, isGated: Bool? = false) {
        self.target = target
        self.isGated = isGated
    }
}
