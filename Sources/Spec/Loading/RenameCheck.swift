import Values

/// What `renamedFrom` may not say, whatever is applied: the name of a resource that is still there, or one name twice.
enum RenameCheck {
    static func diagnostics(of catalog: Catalog, declared: [ResourceID: Place]) -> [Diagnostic] {
        var found: [Diagnostic] = []
        var heirs: [ResourceID: Resource] = [:]
        for resource in catalog.resources {
            guard let name = resource.renamedFrom else { continue }
            let former = ResourceID(kind: resource.id.kind, name: name)
            let place = resource.place(of: JSONPointer(["metadata", "renamedFrom"]))
            if let still = declared[former] {
                found.append(
                    Diagnostic(
                        .error, .renameConflict,
                        "\(resource.id) cannot be renamed from \(former), which stands at \(still)",
                        at: place, fix: "remove `renamedFrom`, or \(former)"))
            } else if let heir = heirs[former] {
                found.append(
                    Diagnostic(
                        .error, .renameConflict, "\(former) cannot become both \(heir.id) and \(resource.id)",
                        at: place,
                        fix: "keep `renamedFrom: \(name)` in one of the two"))
            } else {
                heirs[former] = resource
            }
        }
        return found
    }
}
