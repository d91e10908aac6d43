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
        resources.compactMap { resource in resource.spec(as: kind).map { (resource.id.name, $0) } }
    }

    package func names(of kind: KindName) -> [String] {
        resources.filter { $0.id.kind == kind }.map(\.id.name)
    }
}
