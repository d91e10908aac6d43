/// The name of a kind, as manifests write it: `Agent`. The kinds themselves stand in `KindCatalog`.
package struct KindName: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    package static func < (left: KindName, right: KindName) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A resource's identity: kind and name. Where it stands in the repository is no part of it.
package struct ResourceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let kind: KindName
    package let name: String

    package init(kind: KindName, name: String) {
        self.kind = kind
        self.name = name
    }

    /// `Agent/market-brief`, as plans and errors write it.
    package var description: String { "\(kind)/\(name)" }

    package static func < (left: ResourceID, right: ResourceID) -> Bool {
        (left.kind, left.name) < (right.kind, right.name)
    }
}
