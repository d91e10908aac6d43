/// Every resource of one commit or one revision, by identity.
package struct Catalog: Sendable {
    /// In order of kind and name.
    package let resources: [Resource]
    private let byID: [ResourceID: Int]

    /// Of several resources with one identity, the first stays.
    package init(_ resources: [Resource]) {
        self.resources = resources.sorted { $0.id < $1.id }
        self.byID = Dictionary(
            self.resources.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(id: ResourceID) -> Resource? { byID[id].map { resources[$0] } }

    /// Where it stands among the resources.
    package func place(of id: ResourceID) -> Int? { byID[id] }

    package func contains(_ id: ResourceID) -> Bool { byID[id] != nil }

    /// The typed spec of one resource.
    package func spec<Spec: Kind>(_ kind: Spec.Type, named name: String) -> Spec? {
        self[kind.id(name)]?.spec(as: kind)
    }

    package subscript<Target: Kind>(reference: Reference<Target>) -> Target? {
        spec(Target.self, named: reference.name)
    }

    /// All of one kind, typed, in order of their names.
    package func all<Spec: Kind>(_ kind: Spec.Type) -> [(name: String, spec: Spec)] {
        resources(of: kind.kindName).compactMap { resource in resource.spec(as: kind).map { (resource.id.name, $0) } }
    }

    package func names(of kind: KindName) -> [String] { resources(of: kind).map(\.id.name) }

    /// All of one kind, in order of their names: they stand together.
    package func resources(of kind: KindName) -> ArraySlice<Resource> {
        let start = firstPlace { !($0 < kind) }
        return resources[start..<firstPlace { kind < $0 }]
    }

    /// In order of their names.
    package var kinds: [KindName] {
        var kinds: [KindName] = []
        var place = resources.startIndex
        while place < resources.endIndex {
            let kind = resources[place].id.kind
            kinds.append(kind)
            place = self.resources(of: kind).endIndex
        }
        return kinds
    }

    /// - Parameter isBehind: true for no kind before one for which it is
    private func firstPlace(where isBehind: (KindName) -> Bool) -> Int {
        var (low, high) = (0, resources.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isBehind(resources[middle].id.kind) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
